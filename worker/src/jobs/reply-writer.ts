import { parkedReplyKey, replyStreamKey } from "@sap-mcp/shared/keys.ts";
import type { RedisConnection } from "@sap-mcp/shared/redis-connection.ts";
import { encodeReply, parkAboveBytes } from "@sap-mcp/shared/reply.ts";
import type { ParkedReply, Reply } from "@sap-mcp/shared/reply.ts";

const maxEntries = 100_000;
/** As long as a stream lives without its gateway. */
const parkedLifetimeS = 120;

/** Sends a reply to the gateway that waits; false if that gateway is no more. */
export type WriteReply = (gatewayId: string, reply: Reply) => Promise<boolean>;

/** Small results travel in the stream; large ones are parked beside it, so that the stream stays short in memory. */
export function createReplyWriter(redis: RedisConnection, prefix: string, mayPark = false): WriteReply {
  const append = async (gatewayId: string, reply: Reply | ParkedReply) => {
    const key = replyStreamKey(prefix, gatewayId);
    // NOMKSTREAM: only a living gateway has its stream, so nothing piles up for a dead one.
    const id = await redis.xadd(key, "NOMKSTREAM", "MAXLEN", "~", maxEntries, "*", ...encodeReply(reply));
    return id !== null;
  };
  return async (gatewayId, reply) => {
    if (!mayPark || reply.kind !== "done" || reply.json.length <= parkAboveBytes) return append(gatewayId, reply);
    const { callId, json } = reply;
    await redis.set(parkedReplyKey(prefix, callId), json, "EX", parkedLifetimeS);
    const answered = await append(gatewayId, { kind: "parked", callId });
    if (!answered) await redis.unlink(parkedReplyKey(prefix, callId));
    return answered;
  };
}
