import { executeBatch } from "@sap-mcp/worker/sap/execute-batch.ts";
import { openSapSystem } from "@sap-mcp/worker/sap/open-sap-system.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failureOf, makeCall, openSapBench, settings, valueOf } from "./sap-bench.ts";
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
])("a batch in $version", ({ version, serviceId, entityName }) => {
  const run = async (requests: readonly object[]) =>
    executeBatch(bench.sap, { serviceId, requests: requests as Requests }, makeCall());
  const create = (Product: string, more = {}) => ({
    operation: "create",
    entityName,
    parameters: { ...fields, Product },
    ...more,
  });
  const posts = () =>
    Object.entries(bench.sandbox.stats().byPath)
      .filter(([path]) => path.startsWith("POST"))
      .reduce((sum, [, count]) => sum + count, 0);

  it("reads and changes in one request to SAP and gives each its own result, in order", async () => {
    const { failed, results } = valueOf(
      await run([
        { operation: "read", entityName, queryOptions: { $top: 2, $orderby: "Product" } },
        create("BATCH-1"),
        { operation: "read-single", entityName, parameters: { Product: "BATCH-1" } },
        { operation: "read-single", entityName, parameters: { Product: "NOT THERE" } },
        create("BATCH-2", { changeSet: "a" }),
        create("BATCH-3", { changeSet: "a" }),
      ]),
    );
    expect(results).toMatchObject([
      { operation: "read", status: 200, rows: [{}, {}], count: 2, hasMore: true, total: expect.any(Number) as number },
      { operation: "create", status: 201, entity: { Product: "BATCH-1" } },
      { status: 200, entity: { Product: "BATCH-1" } },
      { status: 404, failure: { kind: "not-found" } },
      { status: 201, entity: { Product: "BATCH-2" } },
      { status: 201, entity: { Product: "BATCH-3" } },
    ]);
    expect(failed).toBe(1);
    expect(posts()).toBe(1);
    expect(bench.sandbox.ledger()).toHaveLength(3);
  });

  it("updates, replaces and deletes under the ETags that it reads first", async () => {
    valueOf(await run(["A", "B", "C"].map((name) => create(`ETAG-${name}`))));
    const { failed, results } = valueOf(
      await run([
        { operation: "update", entityName, parameters: { Product: "ETAG-A", ProductGroup: "NEW" }, changeSet: "x" },
        { operation: "replace", entityName, parameters: { Product: "ETAG-B", ProductGroup: "NEW" }, changeSet: "x" },
        { operation: "delete", entityName, parameters: { Product: "ETAG-C" } },
        {
          operation: "read-single",
          entityName,
          parameters: { Product: "ETAG-A" },
          queryOptions: { $select: "ProductGroup" },
        },
      ]),
    );
    expect(failed).toBe(0);
    expect(results[2]?.deleted).toEqual({ Product: "ETAG-C" });
    expect(results[3]?.entity).toMatchObject({ ProductGroup: "NEW" });
    expect(
      bench.sandbox
        .ledger()
        .map(({ method }) => method)
        .slice(3),
    ).toEqual([version === "V2" ? "MERGE" : "PATCH", "PUT", "DELETE"]);
  });

  it("rolls a change set back whole, gives SAP's reason with the request to blame, and names that with the others", async () => {
    const { failed, results } = valueOf(
      await run([
        create("ROLL-1", { changeSet: "all or nothing" }),
        create("ROLL-1", { changeSet: "all or nothing" }),
        create("ROLL-2", { changeSet: "all or nothing" }),
        create("ROLL-3"),
      ]),
    );
    expect(failed).toBe(3);
    const nothing = "Nothing of change set all or nothing was executed, because";
    const other = { message: `${nothing} request 2 (create ${entityName} {"Product":"ROLL-1"}) failed.` };
    const blamed = {
      message: expect.stringMatching(`^${nothing} this request failed: .*already exists`) as string,
      guidance: expect.any(String) as string,
    };
    expect(results.slice(0, 3)).toMatchObject([{ failure: other }, { failure: blamed }, { failure: other }]);
    expect(results.filter(({ failure }) => failure?.guidance !== undefined)).toHaveLength(1);
    expect(results[3]).toMatchObject({ status: 201 });
    const left = valueOf(
      await run(
        ["ROLL-1", "ROLL-2", "ROLL-3"].map((Product) => ({
          operation: "read-single",
          entityName,
          parameters: { Product },
        })),
      ),
    );
    expect(left.results.map(({ status }) => status)).toEqual([404, 404, 200]);
  });

  it("says what changed meanwhile where a change comes too late", async () => {
    valueOf(await run([create("LATE-1"), create("LATE-2")]));
    bench.sandbox.addFault({ matching: "$batch", latencyMs: 300 });
    const change = (group: string) =>
      run([
        { operation: "update", entityName, parameters: { Product: "LATE-1", ProductGroup: group }, changeSet: "s" },
        { operation: "update", entityName, parameters: { Product: "LATE-2", ProductGroup: group }, changeSet: "s" },
      ]);
    const both = await Promise.all([change("ONE"), change("TWO")]);
    const lost = both.map(valueOf).filter(({ failed }) => failed > 0);
    expect(lost).toMatchObject([{ failed: 2 }]);
    expect(lost[0]?.results[0]).toMatchObject({
      status: 412,
      failure: { kind: "conflict", message: expect.stringMatching(/ProductGroup: "" → "(ONE|TWO)"/) as string },
    });
    expect(bench.sandbox.ledger()).toHaveLength(4);
  });

  it("keeps hostile keys within their own request", async () => {
    const keys = ["a\r\n--x--", "O'Neil' or 1 eq 1", "50% /?#&", "--batch_\r\n\r\nDELETE A HTTP/1.1", "Ä漢"];
    const { failed, results } = valueOf(await run([...keys.map((key) => create(key)), create("LAST")]));
    expect(failed).toBe(0);
    expect(results.map(({ entity }) => entity?.["Product"])).toEqual([...keys, "LAST"]);
    const read = valueOf(
      await run(keys.map((Product) => ({ operation: "read-single", entityName, parameters: { Product } }))),
    );
    expect(read.results.map(({ entity }) => entity?.["Product"])).toEqual(keys);
  });

  it("gets a new token when the session has expired, and eight batches at once all succeed", async () => {
    valueOf(await run([create("SESSION-1")]));
    bench.sandbox.expireSessions();
    valueOf(await run([create("SESSION-2")]));
    const all = await Promise.all(Array.from({ length: 8 }, (_, at) => run([create(`P-${at}`)])));
    expect(all.map((it) => valueOf(it).failed)).toEqual(Array(8).fill(0));
    expect(bench.sandbox.ledger()).toHaveLength(10);
  });

  it("does not say whether changes were made that SAP never answered, but reads again what only reads", async () => {
    valueOf(await run([create("FIRST")]));
    bench.sandbox.addFault({ matching: "$batch", closeSocket: true, afterExecution: true, times: 1 });
    expect(failureOf(await run([create("SECOND")])).kind).toBe("outcome-unknown");
    expect(bench.sandbox.ledger()).toHaveLength(2);
    valueOf(await run([{ operation: "read", entityName }]));
    bench.sandbox.addFault({ matching: "$batch", closeSocket: true, times: 1 });
    expect(valueOf(await run([{ operation: "read", entityName, queryOptions: { $top: 1 } }])).failed).toBe(0);
  });

  it.each([
    [[{ operation: "read", changeSet: "a" }], "no reads"],
    [[{ operation: "update", parameters: { Product: "1", Colour: "red" } }], "Colour"],
    [[{ operation: "create", parameters: { ...fields, Product: "1" }, queryOptions: { $top: 1 } }], "$top"],
    [[{ operation: "read", entityName: "Produkt" }], "Produkt"],
  ])("refuses %j and sends nothing where there is nothing else", async (requests, reason) => {
    const { failed, results } = valueOf(await run(requests.map((it) => ({ entityName, ...it }))));
    expect(failed).toBe(1);
    expect(results[0]?.failure?.message).toContain(reason);
    expect(results[0]).not.toHaveProperty("status");
    expect(posts()).toBe(0);
  });

  it("cuts lists that are too long for one answer and says so, but tells what was changed", async () => {
    const small = openSapSystem({ ...settings, read: { ...settings.read, maxChars: 3_000 } });
    const requests = [
      { operation: "read", entityName, queryOptions: { $top: 50 } },
      create("CUT"),
      { operation: "read", entityName },
    ];
    const { failed, results } = valueOf(
      await executeBatch(small, { serviceId, requests: requests as Requests }, makeCall()),
    );
    expect(failed).toBe(0);
    expect(results[0]?.rows?.length).toBeLessThan(50);
    expect(results[0]).toMatchObject({ hasMore: true, warnings: [expect.stringMatching(/of 50 rows fit/)] });
    expect(results[1]).toMatchObject({ status: 201, entity: { Product: "CUT" } });
    await small.close();
  });

  it("only reads while writing is switched off", async () => {
    const reader = openSapSystem({ ...settings, allowWrites: false });
    const only = (requests: readonly object[]) =>
      executeBatch(reader, { serviceId, requests: requests as Requests }, makeCall());
    expect(failureOf(await only([{ operation: "read", entityName }, create("X")])).kind).toBe("read-only");
    expect(valueOf(await only([{ operation: "read", entityName }])).results[0]?.rows?.length).toBeGreaterThan(0);
    await reader.close();
  });
});
