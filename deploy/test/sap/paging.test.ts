import { randomUUID } from "node:crypto";
import { createRedisStore } from "@sap-mcp/worker/jobs/redis-store.ts";
import type { SharedStore } from "@sap-mcp/worker/sap/shared-store.ts";
import { executeOperation } from "@sap-mcp/worker/sap/execute-operation.ts";
import { openSapSystem } from "@sap-mcp/worker/sap/open-sap-system.ts";
import type { ReadSettings, SapSystem } from "@sap-mcp/worker/sap/open-sap-system.ts";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { failureOf, makeCall, openSapBench, settings, valueOf } from "./sap-bench.ts";
import type { SapBench } from "./sap-bench.ts";

const redis = new Redis(inject("redisUrl"), { protocol: 2 });
const prefix = `{test-${randomUUID()}}`;
let bench: SapBench;
const opened: SapSystem[] = [];

beforeAll(async () => {
  bench = await openSapBench();
});

afterEach(async () => {
  bench.sandbox.resetFaults();
  await Promise.all(opened.splice(0).map((it) => it.close()));
});

afterAll(async () => {
  redis.disconnect();
  await bench.close();
});

const v2 = { serviceId: "API_SALES_ORDER_SRV", entityName: "A_SalesOrderItem", operation: "read" } as const;
const v4 = { serviceId: "API_SALESORDER", entityName: "SalesOrderItem", operation: "read" } as const;

function openWorker(read: Partial<ReadSettings>, store?: SharedStore): SapSystem {
  const sap = openSapSystem({ ...settings, read: { ...settings.read, ...read } }, store);
  opened.push(sap);
  return sap;
}

function openStore(): SharedStore & { readonly values: Map<string, string> } {
  const values = new Map<string, string>();
  return {
    values,
    get: (key) => Promise.resolve(values.get(key)),
    set: (key, value, ttlMs) => {
      values.set(key, value);
      setTimeout(() => values.delete(key), ttlMs).unref();
      return Promise.resolve();
    },
    lock: () => Promise.resolve(() => Promise.resolve()),
  };
}

const keysOf = (rows: readonly Record<string, unknown>[] = []) =>
  rows.map((row) => `${String(row["SalesOrder"])}/${String(row["SalesOrderItem"])}`);

describe.each([
  ["V2", v2],
  ["V4", v4],
] as const)("a long read in %s", (_version, target) => {
  const queryOptions = { $top: 2_500, $select: "SalesOrder,SalesOrderItem" };

  it("goes past the pages of SAP, each row once", async () => {
    const page = valueOf(await bench.execute({ ...target, queryOptions }));
    expect(new Set(keysOf(page.rows)).size).toBe(2_500);
    expect(page).toMatchObject({ count: 2_500, hasMore: true, nextSkip: 2_500 });
    expect(page).not.toHaveProperty("warnings");
  });

  it.each<[string, Partial<ReadSettings>, number]>([
    ["1 pages of SAP were read", { maxPages: 1 }, 1_000],
    ["1000 bytes were read", { maxBytes: 1_000 }, 1_000],
    ["reading took 1 ms", { timeBudgetMs: 1 }, 1_000],
    ["1500 rows are read at once at most", { maxRows: 1_500 }, 1_500],
  ])("says that %s, and goes on with nextSkip", async (reason, read, count) => {
    const sap = openWorker(read);
    const part = valueOf(await executeOperation(sap, { ...target, queryOptions }, makeCall()));
    expect(part).toMatchObject({ count, hasMore: true, nextSkip: count });
    expect(part.warnings).toEqual([expect.stringContaining(reason)]);
    const rest = { ...queryOptions, $top: 10, $skip: count };
    const whole = valueOf(await bench.execute({ ...target, queryOptions }));
    expect(valueOf(await executeOperation(sap, { ...target, queryOptions: rest }, makeCall())).rows).toEqual(
      whole.rows?.slice(count, count + 10),
    );
  });

  it("keeps what was read when SAP fails on a later page", async () => {
    bench.sandbox.addFault({ matching: "skiptoken", failStatus: 503 });
    const part = valueOf(await bench.execute({ ...target, queryOptions }));
    expect(part).toMatchObject({ count: 1_000, hasMore: true, nextSkip: 1_000 });
    expect(part.warnings?.[0]).toContain("SAP failed on page 2");
  });
});

describe("rows that do not fit into an answer", () => {
  const wide = { ...v2, queryOptions: { $top: 300 } };

  it("are parked by one worker and served by another, each row once and in order", async () => {
    const openOverRedis = () => openWorker({ maxChars: 20_000 }, createRedisStore(redis, prefix));
    const [first, second] = [openOverRedis(), openOverRedis()];
    const whole = valueOf(await bench.execute(wide));
    const begun = valueOf(await executeOperation(first, wide, makeCall()));
    const before = bench.sandbox.stats().requests;
    const found = [...(begun.rows ?? [])];
    let page = begun;
    while (page.nextCursor !== undefined) {
      expect(JSON.stringify(page).length).toBeLessThan(21_000);
      expect(page).toMatchObject({ hasMore: true, count: page.rows?.length, total: whole.total });
      expect(page).not.toHaveProperty("nextSkip");
      page = valueOf(await executeOperation(second, { ...wide, cursor: page.nextCursor }, makeCall()));
      found.push(...(page.rows ?? []));
    }
    expect(keysOf(found)).toEqual(keysOf(whole.rows));
    expect(page).toMatchObject({ hasMore: true, nextSkip: 300 });
    expect(bench.sandbox.stats().requests).toBe(before);
  });

  it("may be asked for in smaller pages and in columns", async () => {
    const sap = openWorker({}, openStore());
    const asked = { ...wide, maxChars: 5_000, format: "columns" } as const;
    const begun = valueOf(await executeOperation(sap, asked, makeCall()));
    expect(JSON.stringify(begun.data).length).toBeLessThan(5_500);
    const cursor = begun.nextCursor ?? "";
    const { serviceId, entityName, operation } = v2;
    const next = valueOf(await executeOperation(sap, { serviceId, entityName, operation, cursor }, makeCall()));
    expect(next.columns).toEqual(begun.columns);
  });

  it("are nobody else's, and not for ever", async () => {
    const sap = openWorker({ maxChars: 20_000, cursorTtlMs: 500 }, openStore());
    const { nextCursor: cursor = "" } = valueOf(await executeOperation(sap, wide, makeCall()));
    expect(cursor.length).toBeGreaterThan(20);
    const call = makeCall();
    const other = { ...call, caller: { ...call.caller, user: "bob@example.org" } };
    const refused = failureOf(await executeOperation(sap, { ...wide, cursor }, other));
    expect(valueOf(await executeOperation(sap, { ...wide, cursor }, call)).count).toBeGreaterThan(0);
    await expect
      .poll(async () => executeOperation(sap, { ...wide, cursor }, call), { timeout: 5_000 })
      .toEqual({ ok: false, failure: refused });
    expect(refused).toMatchObject({ kind: "not-found", guidance: expect.stringContaining("without cursor") as string });
  });

  it("belong to the read that was asked for", async () => {
    const sap = openWorker({ maxChars: 20_000 }, openStore());
    const { nextCursor: cursor = "" } = valueOf(await executeOperation(sap, wide, makeCall()));
    const { operation, serviceId, entityName } = wide;
    const bare = { operation, serviceId, entityName, cursor } as const;
    for (const [name, other] of [
      ["queryOptions", { ...bare, queryOptions: { $top: 5 } }],
      ["filter", { ...bare, filter: { field: "SalesOrder", value: "1" } }],
      ["entityName", { ...bare, entityName: "A_SalesOrder" }],
      ["destination", { ...bare, destination: "S5" }],
    ] as const) {
      expect(failureOf(await executeOperation(sap, other, makeCall())).message).toContain(`another ${name}`);
    }
    expect(valueOf(await executeOperation(sap, bare, makeCall())).count).toBeGreaterThan(0);
  });

  it("are told of and can be read with nextSkip where nothing can be parked", async () => {
    const store = {
      ...openStore(),
      set: () => Promise.reject(new Error("away")),
      get: () => Promise.reject(new Error("away")),
    };
    for (const sap of [openWorker({ maxChars: 20_000 }, store), openWorker({ maxChars: 20_000 })]) {
      const page = valueOf(await executeOperation(sap, wide, makeCall()));
      expect(page).toMatchObject({ hasMore: true, nextSkip: page.count });
      expect(page.warnings?.[0]).toContain(`Only ${page.count} of 300 rows fit`);
    }
    const asked = executeOperation(openWorker({}, store), { ...wide, cursor: "abc.0" }, makeCall());
    expect(failureOf(await asked).kind).toBe("queue-unavailable");
  });
});
