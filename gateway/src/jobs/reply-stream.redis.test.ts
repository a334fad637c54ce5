import { randomUUID } from "node:crypto";
import { parkedReplyKey, replyStreamKey } from "@sap-mcp/shared/keys.ts";
import { createLogger } from "@sap-mcp/shared/logger.ts";
import { encodeReply } from "@sap-mcp/shared/reply.ts";
import type { Reply } from "@sap-mcp/shared/reply.ts";
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, inject, it } from "vitest";
import { ReplyStream } from "./reply-stream.ts";

let stack: AsyncDisposableStack;
let redis: Redis;
let prefix: string;
let key: string;
let received: Reply[];

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  const connect = () =>
    stack.adopt(new Redis(inject("redisUrl"), { protocol: 2, maxRetriesPerRequest: null }), (it) => it.disconnect());
  redis = connect();
  prefix = `{test-${randomUUID()}}`;
  key = replyStreamKey(prefix, "gateway");
  received = [];
  const replies = new ReplyStream({
    key,
    prefix,
    reader: connect(),
    commands: redis,
    onReply: (reply) => received.push(reply),
    log: createLogger({ component: "gateway", level: "silent", instance: "0" }),
  });
  await replies.ensure();
  replies.open();
  stack.defer(() => replies.close());
});
afterEach(() => stack.disposeAsync());

it("fetches a parked result in its turn, and removes it from Redis", async () => {
  await redis.set(parkedReplyKey(prefix, "large"), '{"large":true}', "EX", 60);
  await redis.xadd(key, "*", ...encodeReply({ kind: "parked", callId: "large" }));
  await redis.xadd(key, "*", ...encodeReply({ kind: "started", callId: "small" }));
  await expect
    .poll(() => received)
    .toEqual([
      { kind: "done", callId: "large", json: Buffer.from('{"large":true}') },
      { kind: "started", callId: "small" },
    ]);
  await expect.poll(() => redis.exists(parkedReplyKey(prefix, "large"))).toBe(0);
});

it("says that the outcome is unknown when a parked result is gone", async () => {
  await redis.xadd(key, "*", ...encodeReply({ kind: "parked", callId: "large" }));
  await expect.poll(() => received[0]).toMatchObject({ kind: "failed", failure: { kind: "outcome-unknown" } });
});

it("drops what it has read from Redis when that was much", async () => {
  const json = Buffer.alloc(200_000, "x");
  for (let at = 0; at < 40; at += 1) {
    await redis.xadd(key, "*", ...encodeReply({ kind: "done", callId: String(at), json }));
  }
  await expect.poll(() => received.length, { timeout: 10_000 }).toBe(40);
  await expect.poll(() => redis.xlen(key), { timeout: 10_000 }).toBeLessThan(25);
});
