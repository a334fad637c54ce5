import { describe, expect, it } from "vitest";
import { chooseOperation } from "./choose-operation.ts";
import { operationsV2, operationsV4 } from "./fixtures/operation-models.ts";
import { readOperationResult } from "./read-operation-result.ts";
import type { ServiceModel } from "./service-model.ts";

function read(model: ServiceModel, name: string, body: string) {
  const chosen = chooseOperation(model, { name, set: undefined, given: { parameters: {}, key: undefined } });
  if (!chosen.ok) throw new Error(chosen.failure.message);
  return readOperationResult(model, chosen.value.operation, { status: 200, headers: {}, body });
}

describe("readOperationResult", () => {
  it.each([
    [
      "Find",
      '{"d":{"results":[{"Id":"1","Amount":"1.50"}],"__next":"Find?$skiptoken=2"}}',
      { rows: [{ Id: "1", Amount: "1.50" }], next: "Find?$skiptoken=2" },
    ],
    ["Find", '{"d":[{"Id":"1"}]}', { rows: [{ Id: "1" }] }],
    ["Find", '{"d":{"Find":{"results":[{"Id":"1"}]}}}', { rows: [{ Id: "1" }] }],
    ["Release", '{"d":{"__metadata":{"etag":"x"},"Id":"1"}}', { entity: { Id: "1" } }],
    [
      "Sum",
      '{"d":{"Sum":{"__metadata":{"type":"S.Total"},"Sum":"1.10","At":"/Date(1700000000000+0000)/"}}}',
      { entity: { Sum: "1.10", At: "2023-11-14T22:13:20Z" } },
    ],
    ["Count", '{"d":{"Count":"9007199254740993"}}', { value: "9007199254740993" }],
    ["Names", '{"d":{"results":["a","b"]}}', { value: ["a", "b"] }],
    ["Touch", "", {}],
  ])("reads what %s of V2 returned in %s", (name, body, result) => {
    expect(read(operationsV2, name, body)).toEqual({ ok: true, value: result });
  });

  it.each([
    [
      "Find",
      '{"value":[{"Id":"1","Amount":1.5}],"@odata.nextLink":"Find()?$skiptoken=2"}',
      { rows: [{ Id: "1", Amount: "1.5" }], next: "Find()?$skiptoken=2" },
    ],
    ["Release", '{"@odata.etag":"x","Id":"1"}', { entity: { Id: "1" } }],
    ["Sum", '{"Sum":"1.10"}', { entity: { Sum: "1.10" } }],
    ["Count", '{"value":9007199254740993}', { value: "9007199254740993" }],
    ["Names", '{"value":["a","b"]}', { value: ["a", "b"] }],
    ["Clean", "", {}],
  ])("reads what %s of V4 returned in %s", (name, body, result) => {
    expect(read(operationsV4, name, body)).toEqual({ ok: true, value: result });
  });

  it.each([
    ["Find", "<html>"],
    ["Count", "<html>"],
    ["Find", '{"value":5}'],
    ["Names", '{"value":"one"}'],
  ])("refuses as the result of %s what is none: %s", (name, body) => {
    expect(read(operationsV4, name, body)).toMatchObject({ failure: { kind: "bad-answer" } });
  });
});
