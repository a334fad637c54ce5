import { replyStreamKey } from "@sap-mcp/shared/keys.ts";
import type { RedisConnection } from "@sap-mcp/shared/redis-connection.ts";
import { encodeReply } from "@sap-mcp/shared/reply.ts";
import type { Reply } from "@sap-mcp/shared/reply.ts";

const maxEntries = 100_000;

/** Sends a reply to the gateway that waits; false if that gateway is no more. */
export type WriteReply = (gatewayId: string, reply: Reply) => Promise<boolean>;

export function createReplyWriter(redis: RedisConnection, prefix: string): WriteReply {
  return async (gatewayId, reply) => {
    const key = replyStreamKey(prefix, gatewayId);
    // NOMKSTREAM: only a living gateway has its stream, so nothing piles up for a dead one.
    const id = await redis.xadd(key, "NOMKSTREAM", "MAXLEN", "~", maxEntries, "*", ...encodeReply(reply));
    return id !== null;
  };
}
