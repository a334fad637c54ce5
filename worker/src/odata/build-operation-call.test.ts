import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildOperationCall } from "./build-operation-call.ts";
import { chooseOperation } from "./choose-operation.ts";
import { operationsV2, operationsV4 } from "./fixtures/operation-models.ts";
import type { Row } from "./format-key.ts";
import type { ServiceModel } from "./service-model.ts";

interface Given {
  readonly on?: string;
  readonly key?: Row;
  readonly parameters?: Row;
}

function build(model: ServiceModel, name: string, { on, key, parameters = {} }: Given = {}) {
  const given = { parameters, key };
  const chosen = chooseOperation(model, { name, set: model.entitySets.get(on ?? ""), given });
  return chosen.ok ? buildOperationCall(model, chosen.value, given) : chosen;
}

const all = {
  Text: "O'Neil & Söhne",
  Amount: "12.50",
  Big: "9007199254740993",
  Id: "0050568d-393c-1ed4-9d97-e65f0f3fcc23",
  At: "2026-01-31T12:00:00Z",
  Flag: true,
};

describe("buildOperationCall", () => {
  it("writes the parameters of V2 as literals into the query", () => {
    expect(build(operationsV2, "Find", { parameters: all })).toEqual({
      ok: true,
      value: {
        method: "GET",
        path:
          "Find?Text='O''Neil%20%26%20S%C3%B6hne'&Amount=12.50M&Big=9007199254740993L" +
          "&Id=guid'0050568d-393c-1ed4-9d97-e65f0f3fcc23'&At=datetimeoffset'2026-01-31T12%3A00%3A00Z'&Flag=true",
        warnings: [],
      },
    });
    expect(build(operationsV2, "Find", { parameters: { Text: null } })).toMatchObject({ value: { path: "Find" } });
  });

  it("writes in capitals what SAP keeps so, and says it", () => {
    const find = operationsV2.operations.get("Find");
    const text = find?.parameters.get("Text");
    if (find === undefined || text === undefined) throw new Error("no such parameter");
    const operation = { ...find, parameters: new Map([["Text", { ...text, upperCase: true as const }]]) };
    const given = { parameters: { Text: "straße" }, key: undefined };
    expect(buildOperationCall(operationsV2, { operation, set: undefined }, given)).toMatchObject({
      value: { path: "Find?Text='STRA%C3%9FE'", warnings: [expect.stringContaining('Text "straße" → "STRAßE"')] },
    });
  });

  it("takes the key of V2 from wherever it stands, and knows the entity behind it", () => {
    for (const given of [{ key: { Id: "1/2" } }, { parameters: { Id: "1/2" } }]) {
      expect(build(operationsV2, "Release", given)).toMatchObject({
        value: { method: "POST", path: "Release?Id='1%2F2'", entity: { path: "Orders('1%2F2')" } },
      });
    }
  });

  it("writes the parameters of a V4 function into parentheses, and null for what is not given", () => {
    expect(build(operationsV4, "Find", { parameters: { ...all, Big: undefined } })).toMatchObject({
      value: {
        method: "GET",
        path:
          "Find(Text='O''Neil%20%26%20S%C3%B6hne',Amount=12.50,Big=null," +
          "Id=0050568d-393c-1ed4-9d97-e65f0f3fcc23,At=2026-01-31T12%3A00%3A00Z,Flag=true)",
      },
    });
    expect(build(operationsV4, "Count")).toMatchObject({ value: { path: "Count()" } });
  });

  it("puts what is no simple value behind an alias", () => {
    expect(build(operationsV4, "Pick", { parameters: { Nos: ["1", 2], Total: { Sum: "1.5" } } })).toMatchObject({
      value: {
        path: `Pick(Nos=@p0,Total=@p1)?@p0=${encodeURIComponent('["1","2"]')}&@p1=${encodeURIComponent('{"Sum":"1.5"}')}`,
      },
    });
  });

  it("calls what is bound behind its entity or its set, actions with a body", () => {
    expect(
      build(operationsV4, "Release", { key: { Id: "1" }, parameters: { Reason: "x", At: "2026-01-31" } }),
    ).toMatchObject({
      value: {
        method: "POST",
        path: "Orders('1')/S.Release",
        body: { Reason: "x", At: "2026-01-31" },
        entity: { path: "Orders('1')" },
      },
    });
    expect(build(operationsV4, "S.Sum", { parameters: { Id: "1" } })).toMatchObject({
      value: { path: "Orders('1')/S.Sum()" },
    });
    expect(build(operationsV4, "Clean")).toMatchObject({ value: { path: "Orders/S.Clean", body: {} } });
    expect(build(operationsV4, "Copy", { on: "Items", key: { No: 7 } })).toMatchObject({
      value: { path: "Items(7)/S.Copy" },
    });
  });

  it("chooses among overloads the one that the arguments fit", () => {
    expect(build(operationsV4, "Price", { parameters: { No: 1 } })).toMatchObject({ value: { path: "Price(No=1)" } });
    expect(build(operationsV4, "Price", { parameters: { Id: "1" } })).toMatchObject({
      value: { path: "Price(Id='1')" },
    });
    expect(build(operationsV4, "Check", { key: { Id: "1" } })).toMatchObject({
      value: { path: "Orders('1')/S.Check" },
    });
    expect(build(operationsV4, "Check", {})).toMatchObject({ value: { path: "Orders/S.Check" } });
  });

  it.each([
    ["Release", { key: { Id: "1" } }, "Reason is missing", "Release(Reason: Edm.String, At?: Edm.Date) on Orders"],
    ["Release", { key: { Id: "1" }, parameters: { Reasn: "x" } }, "Reasn is not", "Release(Reason: Edm.String"],
    ["Release", { parameters: { Reason: "x" } }, "Id is missing", "Id (Edm.String)"],
    ["Release", { key: { Id: "1" }, parameters: { Reason: 1, At: "31.01.2026" } }, "31.01.2026", "2026-01-31"],
    ["Clean", { key: { Id: "1" } }, "no use for a key", ""],
    ["Copy", {}, "on which entity set Copy", "Copy() on Orders; Copy() on Items"],
    ["Find", { parameters: { Big: "x" } }, "Big", "Edm.Int64"],
    ["Fnd", {}, "no function or action Fnd", "Nearest: Find("],
  ])("says what is wrong with %s called with %j, and what would be right", (name, given, message, guidance) => {
    const failure = build(operationsV4, name, given);
    expect(failure).toMatchObject({ ok: false, failure: { kind: "invalid-input" } });
    if (failure.ok) return;
    expect(failure.failure.message).toContain(message);
    expect(failure.failure.guidance ?? "").toContain(guidance);
  });

  it("lets no text change the shape of a request", () => {
    const hostile = fc.oneof(
      fc.string({ unit: "binary" }).filter((it) => it.isWellFormed()),
      fc.constantFrom("'", "')/Items(1)", "x')?$filter=1", "' or '1'='1", "%27", "a&Big=1L", "../..", "#", "\r\n"),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        const inV2 = build(operationsV2, "Find", { parameters: { Text: text, Flag: false } });
        const inV4 = build(operationsV4, "Find", { parameters: { Text: text, Flag: false } });
        const bound = build(operationsV4, "Release", { key: { Id: text }, parameters: { Reason: text } });
        if (!inV2.ok || !inV4.ok || !bound.ok) throw new Error(`refused: ${text}`);
        const literal = `'${text.replaceAll("'", "''")}'`;
        const url = (path: string) => new URL(`http://sap/service/${path}`);
        const query = url(inV2.value.path);
        expect(query.pathname).toBe("/service/Find");
        expect([...query.searchParams]).toEqual([
          ["Text", literal],
          ["Flag", "false"],
        ]);
        const segments = (path: string) => url(path).pathname.split("/").slice(2).map(decodeURIComponent);
        expect(url(inV4.value.path).search + url(inV4.value.path).hash).toBe("");
        expect(segments(inV4.value.path)).toEqual([
          `Find(Text=${literal},Amount=null,Big=null,Id=null,At=null,Flag=false)`,
        ]);
        expect(segments(bound.value.path)).toEqual([`Orders(${literal})`, "S.Release"]);
        expect(bound.value.body).toEqual({ Reason: text });
      }),
    );
  });
});
