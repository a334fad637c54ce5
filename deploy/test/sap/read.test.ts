import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failureOf, makeCall, openSapBench, settings, valueOf } from "./sap-bench.ts";
import type { SapBench } from "./sap-bench.ts";
import { executeOperation } from "@sap-mcp/worker/sap/execute-operation.ts";
import { openSapSystem } from "@sap-mcp/worker/sap/open-sap-system.ts";

let bench: SapBench;

beforeAll(async () => {
  bench = await openSapBench();
});

afterAll(() => bench.close());

const v2 = { serviceId: "API_SALES_ORDER_SRV", entityName: "A_SalesOrder" } as const;
const v4 = { serviceId: "API_SALESORDER", entityName: "SalesOrder" } as const;

describe.each([
  ["V2", v2, "to_Item", "2021-09-27T00:00:00"],
  ["V4", v4, "_Item", "2021-09-27"],
])("read in %s", (_version, target, items, day) => {
  it("brings the first hundred rows, the total and how to go on", async () => {
    const page = valueOf(await bench.execute({ ...target, operation: "read" }));
    expect(page.rows).toHaveLength(100);
    expect(page.total).toBeGreaterThan(100);
    expect(page).toMatchObject({ hasMore: true, nextSkip: 100 });
    const last = valueOf(
      await bench.execute({ ...target, operation: "read", queryOptions: { $skip: (page.total ?? 0) - 3 } }),
    );
    expect(last.rows).toHaveLength(3);
    expect(last.hasMore).toBe(false);
    expect(last).not.toHaveProperty("nextSkip");
  });

  it("follows the pages of SAP until $top rows are there, each of them once", async () => {
    const page = valueOf(
      await bench.execute({ ...target, operation: "read", queryOptions: { $top: 1_000, $select: "SalesOrder" } }),
    );
    expect(new Set(page.rows?.map((row) => row["SalesOrder"])).size).toBe(1_000);
    expect(page.nextSkip).toBe(1_000);
  });

  it("filters, sorts, selects and expands", async () => {
    const queryOptions = {
      $filter: "TransactionCurrency eq 'EUR'",
      $orderby: "TotalNetAmount desc",
      $top: 2,
      $expand: items,
      $select: "SalesOrder,TotalNetAmount",
    };
    const page = valueOf(await bench.execute({ ...target, operation: "read", queryOptions }));
    const [first, second] = page.rows ?? [];
    expect(Object.keys(first ?? {}).toSorted()).toEqual(["SalesOrder", "TotalNetAmount", items].toSorted());
    expect(Number(first?.["TotalNetAmount"])).toBeGreaterThan(Number(second?.["TotalNetAmount"]));
    expect(first?.[items]).toEqual(
      expect.arrayContaining([expect.objectContaining({ SalesOrder: first?.["SalesOrder"] })]),
    );
  });

  it("keeps dates, amounts and large numbers exact", async () => {
    const { entity } = valueOf(
      await bench.execute({ ...target, operation: "read-single", parameters: { SalesOrder: "1" } }),
    );
    expect(entity).toMatchObject({
      SalesOrderDate: day,
      TotalNetAmount: "813620.07",
      SalesOrderInternalID: "9007199254741993",
    });
    expect(Object.keys(entity ?? {}).filter((name) => name.startsWith("__") || name.includes("@"))).toEqual([]);
  });

  it("counts without rows when none are wanted", async () => {
    const page = valueOf(await bench.execute({ ...target, operation: "read", queryOptions: { $top: 0 } }));
    expect(page.rows).toEqual([]);
    expect(page.total).toBeGreaterThan(0);
    // Whoever followed nextSkip would ask for the same nothing for ever.
    expect(page).not.toHaveProperty("hasMore");
    expect(page).not.toHaveProperty("nextSkip");
  });

  it("says that there is no such entity, with SAP's own code", async () => {
    const failure = failureOf(
      await bench.execute({ ...target, operation: "read-single", parameters: { SalesOrder: "9999999" } }),
    );
    expect(failure.kind).toBe("not-found");
    expect(failure.sapCode).toBeTruthy();
  });

  it("brings back SAP's reason for refusing a request", async () => {
    bench.sandbox.addFault({ matching: "SalesOrder?", failStatus: 400, times: 1 });
    const failure = failureOf(await bench.execute({ ...target, operation: "read" }));
    expect(failure.kind).toBe("rejected");
    expect(failure.message).not.toMatch(/gave no reason/);
  });

  it.each([
    [{ operation: "read", queryOptions: { $select: "SalesOrde" } }, "unknown-property"],
    [{ operation: "read", queryOptions: { $filter: "Nonsense eq 'x'" } }, "unknown-property"],
    [{ operation: "read", navigation: "to_Nothing", parameters: { SalesOrder: "1" } }, "unknown-property"],
    [{ operation: "read-single", parameters: { SalesOrder: "1" }, filter: { field: "a", value: 1 } }, "invalid-input"],
    [{ operation: "read", parameters: { SalesOrder: "1" } }, "invalid-input"],
    [{ operation: "read-single", parameters: { Order: "1" } }, "unknown-property"],
    [{ operation: "read-single", parameters: {} }, "invalid-input"],
    [{ operation: "read-single", parameters: { SalesOrder: "1" }, queryOptions: { $filter: "x" } }, "invalid-input"],
  ] as const)("refuses %j as %s without asking SAP", async (input, kind) => {
    const before = bench.sandbox.stats().requests;
    expect(failureOf(await bench.execute({ ...target, ...input })).kind).toBe(kind);
    expect(bench.sandbox.stats().requests).toBe(before);
  });
});

describe("a read that goes wrong", () => {
  it("fails as too large, with advice, where the answer is larger than allowed", async () => {
    const small = openSapSystem({ ...settings, maxAnswerBytes: 40_000 });
    const failure = failureOf(
      await executeOperation(small, { ...v2, operation: "read", queryOptions: { $top: 1_000 } }, makeCall()),
    );
    expect(failure).toMatchObject({ kind: "too-large", guidance: expect.stringContaining("$select") as string });
    await small.close();
  });

  it("gives up at the deadline, tells it from a cancellation, and SAP sees the request end", async () => {
    bench.sandbox.addFault({ matching: "A_SalesOrder?", hang: true });
    const before = bench.sandbox.stats().aborted;
    const late = await executeOperation(bench.sap, { ...v2, operation: "read" }, makeCall(AbortSignal.timeout(300)));
    expect(failureOf(late).kind).toBe("deadline");
    const cancelling = new AbortController();
    const cancelled = executeOperation(bench.sap, { ...v2, operation: "read" }, makeCall(cancelling.signal));
    setTimeout(() => cancelling.abort(), 200);
    expect(failureOf(await cancelled).kind).toBe("cancelled");
    bench.sandbox.resetFaults();
    await expect.poll(() => bench.sandbox.stats().aborted, { timeout: 5_000 }).toBe(before + 2);
    expect(valueOf(await bench.execute({ ...v2, operation: "read", queryOptions: { $top: 1 } })).rows).toHaveLength(1);
  });

  it("reads again over a new socket when an idle one was closed under it", async () => {
    await bench.execute({ ...v2, operation: "read", queryOptions: { $top: 1 } });
    bench.sandbox.addFault({ matching: "A_SalesOrder?", closeSocket: true, times: 1 });
    expect(valueOf(await bench.execute({ ...v2, operation: "read", queryOptions: { $top: 1 } })).rows).toHaveLength(1);
  });

  it("passes on that SAP is throttling and for how long", async () => {
    bench.sandbox.addFault({ matching: "A_SalesOrder?", failStatus: 429, retryAfterSeconds: 3, times: 1 });
    expect(failureOf(await bench.execute({ ...v2, operation: "read" }))).toMatchObject({
      kind: "throttled",
      retryAfterMs: 3_000,
    });
  });

  it("keeps a page of HTML from the caller", async () => {
    bench.sandbox.addFault({ matching: "A_SalesOrder?", failStatus: 500, html: true, times: 1 });
    const failure = failureOf(await bench.execute({ ...v2, operation: "read" }));
    expect(failure.kind).toBe("sap-error");
    expect(JSON.stringify(failure)).not.toMatch(/[<>]/);
  });

  it("names a system that is not there", async () => {
    const other = await openSapBench();
    await other.sandbox.close();
    expect(failureOf(await other.execute({ ...v2, operation: "read" }))).toMatchObject({
      kind: "sap-unavailable",
      message: expect.stringContaining("ECONNREFUSED") as string,
    });
    await other.sap.close();
  });
});
