import { executeSapBatch } from "@sap-mcp/shared/contracts/execute-sap-batch.ts";
import type { CallToolResult, ServerContext } from "@modelcontextprotocol/server";
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

it("says first what failed, and makes an error of a batch of which all failed", async () => {
  const resultOf = async (...kinds: (string | undefined)[]) => {
    const results = kinds.map((kind) => (kind === undefined ? { status: 200 } : { failure: { kind, message: "no" } }));
    const batch = { failed: kinds.filter((kind) => kind !== undefined).length, results };
    const json = Buffer.from(JSON.stringify(batch));
    const result = await executeSapBatchTool(true).toResult?.(json, {} as ServerContext);
    expect(result).toMatchObject({ structuredContent: batch });
    const { content, isError } = result as CallToolResult;
    const [only] = content;
    return { isError, text: only?.type === "text" ? only.text.split("{")[0] : undefined };
  };
  expect(await resultOf(undefined)).toEqual({ isError: undefined, text: "" });
  expect(await resultOf(undefined, "not-found", undefined)).toEqual({
    isError: undefined,
    text: "1 of 3 requests failed, by number: 2. The others were executed.\n",
  });
  expect(await resultOf("not-found", "conflict")).toEqual({
    isError: true,
    text: "All 2 requests failed. Nothing was executed.\n",
  });
  expect((await resultOf("outcome-unknown", "conflict")).text).not.toContain("Nothing was executed");
});
