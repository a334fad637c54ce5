import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { allJobs } from "@sap-mcp/shared/contracts/all-jobs.ts";
import { executeEntityOperation } from "@sap-mcp/shared/contracts/execute-entity-operation.ts";
import { parkedReplyKey, queueNameOf, replyStreamKey } from "@sap-mcp/shared/keys.ts";
import { createLogger } from "@sap-mcp/shared/logger.ts";
import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { decodeReply, parkAboveBytes } from "@sap-mcp/shared/reply.ts";
import type { ParkedReply, Reply } from "@sap-mcp/shared/reply.ts";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, inject, it } from "vitest";
import type { JobContext } from "./job-handler.ts";
import { markLive, openLiveGate } from "./live-gate.ts";
import { openJobWorkers } from "./open-job-workers.ts";
import type { JobWorkers } from "./open-job-workers.ts";

type Work = (context: JobContext) => Promise<Outcome<unknown>>;

const log = createLogger({ component: "worker", level: "silent", instance: "0" });
let stack: AsyncDisposableStack;
let redis: Redis;
let prefix: string;

beforeEach(() => {
  stack = new AsyncDisposableStack();
  prefix = `{test-${randomUUID()}}`;
  redis = connect(stack);
});
afterEach(() => stack.disposeAsync());

function connect(owner: AsyncDisposableStack): Redis {
  const connection = new Redis(inject("redisUrl"), { protocol: 2, maxRetriesPerRequest: null });
  return owner.adopt(connection, (it) => it.disconnect());
}

function open(owner: AsyncDisposableStack, work: Work, idle = false): JobWorkers {
  return openJobWorkers(owner, {
    connection: connect(owner),
    subscriber: connect(owner),
    prefix,
    destinations: ["S4"],
    handlers: allJobs.map((contract) => ({ contract, run: (_input, context) => work(context) })),
    concurrency: 5,
    maxResultBytes: 4_000_000,
    idempotencyTtlS: 60,
    readAttempts: 1,
    graceMs: 300,
    idle,
    log,
  });
}

async function addCall(operation: "read" | "create", fetchesParked?: boolean): Promise<string> {
  await redis.xadd(replyStreamKey(prefix, "gateway"), "*", "kind", "opened");
  const queue = new Queue(queueNameOf("S4", operation === "read" ? "read" : "write"), { connection: redis, prefix });
  const callId = randomUUID();
  const data = {
    input: { serviceId: "S", entityName: "E", operation },
    caller: { tenant: "t", user: "u", scopes: [] },
    replyTo: "gateway",
    expiresAt: Date.now() + 30_000,
    progress: false,
    correlationId: "c",
    ...(fetchesParked !== undefined && { fetchesParked }),
  };
  await queue.add(executeEntityOperation.name, data, { jobId: callId, priority: 3, removeOnComplete: true });
  return callId;
}

async function replies(): Promise<(Reply | ParkedReply)[]> {
  const entries = await redis.xrangeBuffer(replyStreamKey(prefix, "gateway"), "-", "+");
  return entries.flatMap(([, fields]) => decodeReply(fields) ?? []);
}

/** Work that ends with its signal only, as a request to a slow SAP system does. */
function untilStopped(begun: () => void): Work {
  return async ({ signal }) => {
    begun();
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    return fail("cancelled", "The call was cancelled.");
  };
}

it("hands a read that outlasts the grace to another worker, whose answer is the only one", async () => {
  const closing = new AsyncDisposableStack();
  const begun = Promise.withResolvers<void>();
  open(closing, untilStopped(begun.resolve));
  const callId = await addCall("read");
  await begun.promise;
  open(stack, () => Promise.resolve(succeed({ from: "the other" })));
  const closedAt = Date.now();
  await closing.disposeAsync();
  expect(Date.now() - closedAt).toBeLessThan(5_000);
  await expect
    .poll(replies, { timeout: 10_000 })
    .toEqual([{ kind: "done", callId, json: Buffer.from('{"from":"the other"}') }]);
});

it("answers a write that outlasts the grace, and never begins it again", async () => {
  const closing = new AsyncDisposableStack();
  const begun = Promise.withResolvers<void>();
  open(closing, untilStopped(begun.resolve));
  await addCall("create");
  await begun.promise;
  let beganAgain = false;
  open(stack, () => {
    beganAgain = true;
    return Promise.resolve(succeed({}));
  });
  await closing.disposeAsync();
  await expect.poll(replies, { timeout: 10_000 }).toHaveLength(1);
  await sleep(500);
  expect((await replies()).map(({ kind }) => kind)).toEqual(["failed"]);
  expect(beganAgain).toBe(false);
});

it("lets a read that ends within the grace answer", async () => {
  const closing = new AsyncDisposableStack();
  const begun = Promise.withResolvers<void>();
  open(closing, async () => {
    begun.resolve();
    await sleep(100);
    return succeed({ from: "the closing one" });
  });
  await addCall("read");
  await begun.promise;
  await closing.disposeAsync();
  expect((await replies()).map(({ kind }) => kind)).toEqual(["done"]);
});

it("parks a large result for a gateway that fetches it, and sends it whole to one that can't", async () => {
  const pad = "x".repeat(parkAboveBytes);
  open(stack, () => Promise.resolve(succeed({ pad })));
  const parked = await addCall("read", true);
  await expect.poll(replies, { timeout: 10_000 }).toEqual([{ kind: "parked", callId: parked }]);
  expect(JSON.parse((await redis.get(parkedReplyKey(prefix, parked))) ?? "")).toEqual({ pad });
  expect(await redis.ttl(parkedReplyKey(prefix, parked))).toBeGreaterThan(0);
  const whole = await addCall("read");
  await expect
    .poll(async () => (await replies()).find(({ callId }) => callId === whole)?.kind, { timeout: 10_000 })
    .toBe("done");
});

it("takes no job while its release is not live, and takes them when it is", async () => {
  const { start } = open(stack, () => Promise.resolve(succeed({})), true);
  openLiveGate(stack, { redis, prefix, release: "2.0.0", onLive: start, log });
  await markLive(redis, prefix, "1.0.0");
  await addCall("read");
  await sleep(1_500);
  expect(await replies()).toEqual([]);
  await markLive(redis, prefix, "2.0.0");
  await expect.poll(async () => (await replies()).length, { timeout: 10_000 }).toBe(1);
});
