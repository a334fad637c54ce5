import { randomUUID } from "node:crypto";
import { taskKey } from "@sap-mcp/shared/keys.ts";
import type { Reply } from "@sap-mcp/shared/reply.ts";
import { decodeOutcome, outcomeField } from "@sap-mcp/shared/task-record.ts";
import { Redis } from "ioredis";
import { afterAll, beforeEach, expect, inject, it } from "vitest";
import { recordTask } from "./record-task.ts";

const redis = new Redis(inject("redisUrl"), { protocol: 2 });
const prefix = `{test-${randomUUID()}}`;
const callId = "call";
const done: Reply = { kind: "done", callId, json: Buffer.from('{"fine":true}') };
let sent: Reply[];

beforeEach(() => {
  sent = [];
});
afterAll(() => redis.disconnect());

function writerFor(dueAt: number, progress = false) {
  const task = { id: randomUUID(), dueAt };
  const send = (_gatewayId: string, reply: Reply) => {
    sent.push(reply);
    return Promise.resolve(true);
  };
  const write = recordTask(send, { task, progress }, { redis, prefix });
  return { key: taskKey(prefix, task.id), write: (reply: Reply) => write("gateway", reply) };
}

async function keptIn(key: string) {
  const field = await redis.hgetBuffer(key, outcomeField(callId));
  return field === null ? undefined : decodeOutcome(field);
}

it("keeps the outcome of a call that is a task by now, for a limited time, and answers its gateway too", async () => {
  const { key, write } = writerFor(Date.now() - 1);
  await write(done);
  expect(await keptIn(key)).toEqual({ ok: true, value: done.json });
  expect(await redis.pttl(key)).toBeGreaterThan(0);
  expect(sent).toEqual([done]);
});

it("keeps a failure as well, and what it kept first stays", async () => {
  const { key, write } = writerFor(Date.now() - 1);
  const failure = { kind: "not-found", message: "There is none." } as const;
  await write({ kind: "failed", callId, failure });
  await write(done);
  expect(await keptIn(key)).toEqual({ ok: false, failure });
});

it("keeps nothing of a call that is answered long before it would become a task", async () => {
  const { key, write } = writerFor(Date.now() + 10_000);
  await write(done);
  expect(await redis.exists(key)).toBe(0);
  expect(sent).toEqual([done]);
});

it("notes progress in a task that exists, and tells its gateway only if that asked", async () => {
  const { key, write } = writerFor(Date.now() - 1);
  const progress: Reply = { kind: "progress", callId, progress: { progress: 1, total: 4 } };
  await write(progress);
  expect(await redis.exists(key)).toBe(0);
  await redis.hset(key, "round", 1);
  await write(progress);
  expect(await redis.hget(key, "message")).toBe("1 of 4 done");
  expect(sent).toEqual([]);
  await writerFor(Date.now() + 10_000, true).write(progress);
  expect(sent).toEqual([progress]);
});
