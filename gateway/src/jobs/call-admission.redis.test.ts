import { setTimeout as sleep } from "node:timers/promises";
import { queueNameOf } from "@sap-mcp/shared/keys.ts";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { afterAll, beforeEach, expect, inject, it } from "vitest";
import { createLogger } from "@sap-mcp/shared/logger.ts";
import { freshPrefix } from "../../test/open-test-gateway.ts";
import { CallAdmission } from "./call-admission.ts";

const stack = new AsyncDisposableStack();
const connection = stack.adopt(new Redis(inject("redisUrl"), { maxRetriesPerRequest: null }), (it) => it.disconnect());
const log = createLogger({ component: "gateway", level: "silent", instance: "0" });
let queue: Queue;

beforeEach(() => {
  queue = new Queue(queueNameOf("S4"), { connection, prefix: freshPrefix() });
  const opened = queue;
  stack.defer(() => opened.close());
});
afterAll(() => stack.disposeAsync());

const add = (count: number) => queue.addBulk(Array.from({ length: count }, () => ({ name: "read", data: {} })));
const kindOf = (entry: ReturnType<CallAdmission["enter"]>) => (entry.ok ? entry.value : entry.failure.kind);

it("gives a user's calls a later turn the more of them wait, and each user its own count", () => {
  const admission = new CallAdmission({ log });
  expect([1, 2, 3].map(() => kindOf(admission.enter(queue, "anne")))).toEqual([0, 1, 2]);
  expect(kindOf(admission.enter(queue, "ben"))).toBe(0);
  admission.leave(queue, "anne");
  expect(kindOf(admission.enter(queue, "anne"))).toBe(2);
});

it("refuses what would wait behind more calls than may wait, and says when to come back", () => {
  const admission = new CallAdmission({ maxBacklog: 3, log });
  expect([1, 2, 3].map(() => kindOf(admission.enter(queue, "anne")))).toEqual([0, 1, 2]);
  const refused = admission.enter(queue, "anne");
  expect(refused).toMatchObject({ ok: false, failure: { kind: "throttled", retryAfterMs: 2_000 } });
  admission.leave(queue, "anne");
  expect(kindOf(admission.enter(queue, "anne"))).toBe(2);
});

it("still takes the first call of another user, up to twice as many in all", () => {
  const admission = new CallAdmission({ maxBacklog: 3, log });
  for (let at = 0; at < 5; at += 1) admission.enter(queue, "anne");
  expect([1, 2, 3, 4].map((user) => kindOf(admission.enter(queue, `user ${user}`)))).toEqual([0, 0, 0, "throttled"]);
});

it("counts what other gateways have added", async () => {
  const admission = new CallAdmission({ maxBacklog: 10, log });
  await add(20);
  admission.enter(queue, "anne");
  await sleep(300);
  expect(kindOf(admission.enter(queue, "anne"))).toBe("throttled");
  await queue.drain();
  await sleep(300);
  admission.enter(queue, "anne");
  await sleep(100);
  expect(kindOf(admission.enter(queue, "anne"))).toBe(1);
});

it("does not hold against a call what waited long ago", async () => {
  const admission = new CallAdmission({ maxBacklog: 10, log });
  await add(30);
  admission.enter(queue, "anne");
  admission.leave(queue, "anne");
  await sleep(2_200);
  expect(kindOf(admission.enter(queue, "anne"))).toBe(0);
});
