import { executeSapBatch } from "@sap-mcp/shared/contracts/execute-sap-batch.ts";
import { executeBatch } from "@sap-mcp/worker/sap/execute-batch.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeCall, openSapBench, valueOf } from "./sap-bench.ts";
import type { SapBench } from "./sap-bench.ts";

type Requests = Parameters<typeof executeBatch>[1]["requests"];

let bench: SapBench;

beforeEach(async () => {
  bench = await openSapBench();
});

afterEach(() => bench.close());

const fields = { ProductType: "HAWA", BaseUnit: "PC" };

describe.each([
  { version: "V2", serviceId: "API_PRODUCT_SRV", entityName: "A_Product" },
  { version: "V4", serviceId: "API_PRODUCT", entityName: "Product" },
])("a batch in $version with wrong requests", ({ serviceId, entityName }) => {
  const run = async (requests: readonly object[]) =>
    valueOf(
      await executeBatch(
        bench.sap,
        { serviceId, requests: requests.map((it) => ({ entityName, ...it })) as Requests },
        makeCall(),
      ),
    );
  const create = (Product: string, more = {}) => ({
    operation: "create",
    parameters: { ...fields, Product },
    ...more,
  });
  const messages = (results: Awaited<ReturnType<typeof run>>["results"]) =>
    results.map(({ failure }) => failure?.message);

  it("still executes the others, each result in its place", async () => {
    const { failed, results } = await run([
      { operation: "read", queryOptions: { $top: 1 } },
      { operation: "read", entityName: "Produkt" },
      { operation: "read", filter: { field: "Colour", value: "red" } },
      create("GOOD-1"),
      { operation: "update", parameters: { Product: "GOOD-1", Colour: "red" } },
      { operation: "read", queryOptions: { $top: 0 } },
    ]);
    expect(failed).toBe(3);
    expect(results).toMatchObject([
      { status: 200, count: 1, hasMore: true },
      { operation: "read", entitySet: "Produkt", failure: { kind: "unknown-entity-set" } },
      { entitySet: entityName, failure: { kind: "unknown-property" } },
      { status: 201 },
      { failure: { kind: "unknown-property" } },
      { status: 200, count: 0, total: expect.any(Number) as number },
    ]);
    expect(results[5]).not.toHaveProperty("hasMore");
    expect(bench.sandbox.ledger()).toHaveLength(1);
  });

  it("fails a change set whole where one of its requests is wrong, and says to each which one", async () => {
    const { results } = await run([
      create("SET-1", { changeSet: "a" }),
      create("SET-2", { changeSet: "a", queryOptions: { $top: 1 } }),
      create("SET-3", { changeSet: "b" }),
    ]);
    expect(messages(results)).toEqual([
      "Nothing of change set a was executed, because request 2 is wrong.",
      expect.stringMatching(/^Nothing of change set a was executed, because this request is wrong: .*\$top/),
      undefined,
    ]);
    expect(bench.sandbox.ledger()).toHaveLength(1);
  });

  it("executes no change set whose requests are apart", async () => {
    const { results } = await run([
      create("APART-1", { changeSet: "a" }),
      { operation: "read", queryOptions: { $top: 1 } },
      create("APART-2", { changeSet: "a" }),
    ]);
    expect(messages(results)).toEqual([
      expect.stringContaining("request 3 is wrong"),
      undefined,
      expect.stringContaining("one behind the other"),
    ]);
    expect(bench.sandbox.ledger()).toEqual([]);
  });

  it("makes the first of two changes of one entity that are not one change set", async () => {
    await run([create("TWICE")]);
    const { results } = await run([
      { operation: "update", parameters: { Product: "TWICE", ProductGroup: "ONE" } },
      { operation: "update", parameters: { Product: "TWICE", ProductGroup: "TWO" } },
    ]);
    expect(messages(results)).toEqual([undefined, "An earlier request changes the same entity."]);
    expect(bench.sandbox.ledger()).toHaveLength(2);
  });

  it("warns in a read as a read by itself does", async () => {
    const { results } = await run([
      { operation: "read", filter: { field: "BaseUnit", op: "startswith", value: "a unit that does not fit" } },
    ]);
    expect(results[0]?.warnings?.[0]).toContain("No row has");
  });
});

it("names the tool that takes what a request of a batch does not", () => {
  const requests = [{ operation: "read", entityName: "Product", navigation: "_Item" }];
  const { error } = executeSapBatch.input.safeParse({ serviceId: "API_PRODUCT", requests });
  expect(error?.issues[0]?.message).toContain("takes no navigation: call execute-entity-operation");
});
