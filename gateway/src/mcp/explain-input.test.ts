import { executeEntityOperation } from "@sap-mcp/shared/contracts/execute-entity-operation.ts";
import { executeSapBatch } from "@sap-mcp/shared/contracts/execute-sap-batch.ts";
import type { JobContract } from "@sap-mcp/shared/contracts/define-job.ts";
import { expect, it } from "vitest";
import { explainInput } from "./explain-input.ts";

function guidanceOf(contract: JobContract, input: unknown): string {
  const parsed = contract.input.safeParse(input);
  if (parsed.success) throw new Error("the input is right");
  return explainInput(contract, parsed.error).guidance ?? "";
}

const read = { serviceId: "S", entityName: "E", operation: "read" };

it.each([
  ["serviceID", "serviceId"],
  ["top", "queryOptions.$top"],
  ["$filter", "filter"],
  ["select", "queryOptions.$select"],
  ["key", "parameters"],
  ["data", "parameters"],
])("takes %s for %s", (given, meant) => {
  expect(guidanceOf(executeEntityOperation, { ...read, [given]: "x" })).toContain(`"${given}" may be "${meant}".`);
});

it("lists the arguments of the level at which the mistake is", () => {
  const guidance = guidanceOf(executeEntityOperation, { ...read, queryOptions: { top: 1 } });
  expect(guidance).toContain('"top" may be "queryOptions.$top".');
  expect(guidance).toContain("queryOptions: $filter, $select");
  expect(
    guidanceOf(executeSapBatch, { serviceId: "S", requests: [{ ...read, serviceId: undefined, keys: {} }] }),
  ).toContain("requests.0: operation, entityName, parameters");
});

it("quotes the description of an argument whose value is wrong", () => {
  expect(guidanceOf(executeEntityOperation, { ...read, filter: "Country eq 'DE'" })).toContain(
    'filter: Rows to read: {"and"',
  );
});
