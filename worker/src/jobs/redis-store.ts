import { randomUUID } from "node:crypto";
import type { RedisConnection } from "@sap-mcp/shared/redis-connection.ts";
import type { SharedStore } from "../sap/shared-store.ts";

const releaseOwn = `if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("del", KEYS[1]) end return 0`;

/** What the fleet shares, kept in Redis. Rejects at once while Redis is away, instead of waiting for it. */
export function createRedisStore(redis: RedisConnection, prefix: string): SharedStore {
  const keyOf = (key: string) => {
    if (redis.status !== "ready") throw new Error(`Redis is ${redis.status}`);
    return `${prefix}:shared:${key}`;
  };
  return {
    get: async (key) => (await redis.get(keyOf(key))) ?? undefined,
    set: async (key, value, ttlMs) => {
      await redis.set(keyOf(key), value, "PX", Math.max(1, Math.ceil(ttlMs)));
    },
    lock: async (key, ttlMs) => {
      const token = randomUUID();
      const taken = await redis.set(keyOf(key), token, "PX", Math.max(1, Math.ceil(ttlMs)), "NX");
      if (taken !== "OK") return undefined;
      // By then another may hold it, and keeps it.
      return async () => {
        await redis.eval(releaseOwn, 1, keyOf(key), token);
      };
    },
  };
}
