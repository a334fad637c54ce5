import { randomUUID } from "node:crypto";
import type { Caller } from "@sap-mcp/shared/caller.ts";
import { principalOf } from "@sap-mcp/shared/caller.ts";
import type { RedisConnection } from "@sap-mcp/shared/redis-connection.ts";
import { z } from "zod";

const sessionSchema = z.object({
  principal: z.string(),
  /** Parameters of the client's initialize request, replayed on whichever gateway serves the session. */
  initialize: z.record(z.string(), z.unknown()),
});

export interface Session {
  readonly id: string;
  readonly initialize: Readonly<Record<string, unknown>>;
}

export interface SessionStoreOptions {
  readonly redis: RedisConnection;
  readonly prefix: string;
  readonly ttlS: number;
  readonly maxPerUser: number;
}

/** 2025-era sessions in Redis, so that every gateway serves every session. Bound to the principal that opened them. */
export interface SessionStore {
  readonly create: (caller: Caller, initialize: Readonly<Record<string, unknown>>) => Promise<Session>;
  /** The session, its life prolonged; undefined if there is none or it belongs to somebody else. */
  readonly touch: (caller: Caller, sessionId: string) => Promise<Session | undefined>;
  readonly remove: (caller: Caller, sessionId: string) => Promise<void>;
}

export function createSessionStore({ redis, prefix, ttlS, maxPerUser }: SessionStoreOptions): SessionStore {
  const sessionKey = (sessionId: string) => `${prefix}:mcp-session:${sessionId}`;
  const ownedKey = (caller: Caller) => `${prefix}:mcp-sessions:${principalOf(caller)}`;
  return {
    create: async (caller, initialize) => {
      const id = randomUUID();
      const record = JSON.stringify({ principal: principalOf(caller), initialize });
      await redis.set(sessionKey(id), record, "EX", ttlS);
      const owned = ownedKey(caller);
      const idleSince = Date.now() - ttlS * 1_000;
      const answers = await redis
        .pipeline()
        .zadd(owned, Date.now(), id)
        .zremrangebyscore(owned, "-inf", String(idleSince))
        .expire(owned, ttlS)
        .zrange(owned, "0", String(-1 - maxPerUser))
        .exec();
      const surplus = (answers?.at(-1)?.[1] ?? []) as string[];
      if (surplus.length > 0) {
        await redis.del(...surplus.map(sessionKey));
        await redis.zrem(owned, ...surplus);
      }
      return { id, initialize };
    },
    touch: async (caller, sessionId) => {
      const owned = ownedKey(caller);
      const answers = await redis
        .pipeline()
        .getex(sessionKey(sessionId), "EX", ttlS)
        .zadd(owned, "XX", Date.now(), sessionId)
        .expire(owned, ttlS)
        .exec();
      const [error, record] = answers?.[0] ?? [];
      if (error) throw error;
      if (typeof record !== "string") return undefined;
      const session = sessionSchema.parse(JSON.parse(record));
      if (session.principal !== principalOf(caller)) return undefined;
      return { id: sessionId, initialize: session.initialize };
    },
    remove: async (caller, sessionId) => {
      await redis.del(sessionKey(sessionId));
      await redis.zrem(ownedKey(caller), sessionId);
    },
  };
}
