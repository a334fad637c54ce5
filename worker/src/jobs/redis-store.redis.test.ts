import { createLogger } from "@sap-mcp/shared/logger.ts";
import { openRedis, redisTargetFrom } from "@sap-mcp/shared/redis-connection.ts";
import type { RedisConnection } from "@sap-mcp/shared/redis-connection.ts";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import type { SharedStore } from "../sap/shared-store.ts";
import { createRedisStore } from "./redis-store.ts";

const stack = new AsyncDisposableStack();
let redis: RedisConnection;
let store: SharedStore;

beforeAll(async () => {
  const target = redisTargetFrom({ REDIS_URL: inject("redisUrl") });
  if (typeof target === "string") throw new Error(target);
  const log = createLogger({ component: "test", level: "silent", instance: "0" });
  redis = openRedis(stack, target, { name: "test", patience: "wait", log });
  await redis.ping();
  store = createRedisStore(redis, `{store-${crypto.randomUUID()}}`);
});
afterAll(() => stack.disposeAsync());

it("keeps a text for its time and no longer", async () => {
  expect(await store.get("a")).toBeUndefined();
  await store.set("a", "Ä", 60_000);
  expect(await store.get("a")).toBe("Ä");
  await store.set("a", "short", 1);
  await expect.poll(() => store.get("a")).toBeUndefined();
});

it("gives a lock to one at a time, and only its holder gives it back", async () => {
  const release = await store.lock("l", 60_000);
  expect(await store.lock("l", 60_000)).toBeUndefined();
  await release?.();
  const late = await store.lock("l", 1);
  let next: Awaited<ReturnType<SharedStore["lock"]>>;
  await expect
    .poll(async () => {
      next = await store.lock("l", 60_000);
      return next;
    })
    .toBeDefined();
  await late?.();
  expect(await store.lock("l", 60_000)).toBeUndefined();
  await next?.();
});

it("rejects at once while Redis is away", async () => {
  redis.disconnect();
  await expect.poll(() => redis.status).toBe("end");
  await expect(store.get("a")).rejects.toThrow("Redis is end");
});
