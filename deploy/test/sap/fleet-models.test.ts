import type { SharedStore } from "@sap-mcp/worker/sap/shared-store.ts";
import { discoverEntities } from "@sap-mcp/worker/sap/discover-entities.ts";
import { getSchema } from "@sap-mcp/worker/sap/get-schema.ts";
import { openSapSystem } from "@sap-mcp/worker/sap/open-sap-system.ts";
import type { SapSystem } from "@sap-mcp/worker/sap/open-sap-system.ts";
import { createRedisStore } from "@sap-mcp/worker/jobs/redis-store.ts";
import { createLogger } from "@sap-mcp/shared/logger.ts";
import { openRedis, redisTargetFrom } from "@sap-mcp/shared/redis-connection.ts";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { makeCall, openSapBench, settings, valueOf } from "./sap-bench.ts";
import type { SapBench } from "./sap-bench.ts";

let bench: SapBench;
let stack: AsyncDisposableStack;
let store: SharedStore;

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  bench = stack.adopt(await openSapBench(), (it) => it.close());
  const target = redisTargetFrom({ REDIS_URL: inject("redisUrl") });
  if (typeof target === "string") throw new Error(target);
  const log = createLogger({ component: "test", level: "silent", instance: "0" });
  const redis = openRedis(stack, target, { name: "test", patience: "wait", log });
  await redis.ping();
  store = createRedisStore(redis, `{fleet-${crypto.randomUUID()}}`);
});

afterEach(() => stack.disposeAsync());

const input = { serviceId: "API_SALES_ORDER_SRV", entityName: "A_SalesOrder" };

describe("two workers of one fleet", () => {
  it("ask SAP once for a model that fifty calls want", async () => {
    const workers = [open(store), open(store)];
    const schemas = await Promise.all(
      Array.from({ length: 50 }, (_, at) => getSchema(workers[at % 2] as SapSystem, input, makeCall())),
    );
    expect(new Set(schemas.map((schema) => JSON.stringify(valueOf(schema)))).size).toBe(1);
    expect(metadataRequests()).toBe(1);
  });

  it("take a model that another worker has read, and only ask whether it still holds when it has expired", async () => {
    const first = valueOf(await getSchema(open(store, { metadataTtlMs: 1 }), input, makeCall()));
    expect(valueOf(await getSchema(open(store), input, makeCall()))).toEqual(first);
    expect(metadataRequests()).toBe(2);
    expect(valueOf(await getSchema(open(store), input, makeCall()))).toEqual(first);
    expect(metadataRequests()).toBe(2);
  });

  it("ask SAP themselves when the store is away or holds its lock for ever", async () => {
    const away: SharedStore = {
      get: () => Promise.reject(new Error("away")),
      set: () => Promise.reject(new Error("away")),
      lock: () => Promise.reject(new Error("away")),
    };
    valueOf(await getSchema(open(away), input, makeCall()));
    expect(metadataRequests()).toBe(1);
    await store.lock(`metadata-lock:tenant S4 /sap/opu/odata/sap/API_SALES_ORDER_SRV`, 500);
    valueOf(await getSchema(open(store), input, makeCall()));
    expect(metadataRequests()).toBe(2);
  });

  it("do not keep a caller waiting beyond its deadline while another reads", async () => {
    bench.sandbox.addFault({ matching: "metadata", hang: true });
    const reading = discoverEntities(open(store), { ...input, limit: 1 }, makeCall(AbortSignal.timeout(1_500)));
    const waiting = discoverEntities(open(store), { ...input, limit: 1 }, makeCall(AbortSignal.timeout(700)));
    expect(await waiting).toMatchObject({ failure: { kind: "deadline" } });
    expect(await reading).toMatchObject({ failure: { kind: "deadline" } });
  });
});

function open(shared: SharedStore, own: Partial<typeof settings> = {}): SapSystem {
  return stack.adopt(openSapSystem({ ...settings, ...own }, shared), (it) => it.close());
}

function metadataRequests(): number | undefined {
  return bench.sandbox.stats().byPath["GET /sap/opu/odata/sap/API_SALES_ORDER_SRV/$metadata"];
}
