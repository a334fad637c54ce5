import { executeSapBatch } from "@sap-mcp/shared/contracts/execute-sap-batch.ts";
import { expect, it } from "vitest";
import { listingOf } from "../tool.ts";
import { executeSapBatchTool } from "./execute-sap-batch.ts";

it("lists for a request every operation and argument that the contract takes, and reads alone where writing is off", () => {
  const contract = executeSapBatch.input.shape.requests.element.shape;
  const shown = (allowWrites: boolean) => {
    const { requests } = listingOf(executeSapBatchTool(allowWrites)).inputSchema.properties ?? {};
    return (requests as unknown as { items: { properties: Record<string, { enum?: string[] }> } }).items.properties;
  };
  expect(Object.keys(shown(true)).toSorted()).toEqual(Object.keys(contract).toSorted());
  expect(shown(true)["operation"]?.enum).toEqual(contract.operation.options);
  expect(shown(false)["operation"]?.enum).toEqual(["read", "read-single"]);
  expect(Object.keys(shown(false))).not.toContain("changeSet");
});

it("takes a batch for a write as soon as one request changes something", () => {
  const effectOf = (...operations: ("read" | "read-single" | "delete")[]) =>
    executeSapBatch.effect({
      serviceId: "S",
      requests: operations.map((operation) => ({ operation, entityName: "E" })),
    });
  expect([effectOf("read", "read-single"), effectOf("read", "delete")]).toEqual(["read", "write"]);
});
