import { randomUUID } from "node:crypto";
import { executeEntityOperation } from "@sap-mcp/shared/contracts/execute-entity-operation.ts";
import { searchSapServices } from "@sap-mcp/shared/contracts/search-sap-services.ts";
import type { JobPayload } from "@sap-mcp/shared/job-payload.ts";
import { writeClaimKey } from "@sap-mcp/shared/keys.ts";
import { createLogger } from "@sap-mcp/shared/logger.ts";
import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { Reply } from "@sap-mcp/shared/reply.ts";
import { Redis } from "ioredis";
import { afterAll, beforeEach, expect, inject, it } from "vitest";
import type { JobContext, JobHandler } from "./job-handler.ts";
import { runJob } from "./run-job.ts";

const redis = new Redis(inject("redisUrl"), { protocol: 2 });
const prefix = `{test-${randomUUID()}}`;
const cancelled = new Set<string>();
let replies: Reply[] = [];
let runs = 0;
let run: (context: JobContext) => Promise<Outcome<unknown>>;

beforeEach(() => {
  replies = [];
  runs = 0;
  run = () => Promise.resolve(succeed({ fine: true }));
});
afterAll(() => redis.disconnect());

const handlers = new Map(
  [searchSapServices, executeEntityOperation].map((contract): [string, JobHandler] => [
    contract.name,
    {
      contract,
      run: (_input, context) => {
        runs += 1;
        return run(context);
      },
    },
  ]),
);

async function runOne(
  job: { readonly id?: string; readonly name?: string; readonly input?: unknown },
  payload: Partial<JobPayload> = {},
  signal = new AbortController().signal,
): Promise<Reply | undefined> {
  const data: JobPayload = {
    input: job.input ?? { limit: 5 },
    caller: { tenant: "t", user: "u", scopes: [] },
    replyTo: "gateway",
    expiresAt: Date.now() + 5_000,
    progress: false,
    correlationId: "c",
    ...payload,
  };
  const queued = { id: job.id ?? randomUUID(), name: job.name ?? searchSapServices.name, data, queuedAt: Date.now() };
  await runJob(queued, signal, {
    handlers,
    redis,
    prefix,
    writeReply: (_gatewayId, reply) => {
      replies.push(reply);
      return Promise.resolve(true);
    },
    cancellations: { has: (callId) => cancelled.has(callId) },
    maxResultBytes: 1_000,
    log: createLogger({ component: "worker", level: "silent", instance: "0" }),
  });
  return replies.at(-1);
}

const write = { serviceId: "S", entityName: "E", operation: "create", parameters: {} };
const failureOf = (reply: Reply | undefined) => (reply?.kind === "failed" ? reply.failure.kind : reply?.kind);

it("answers with the handler's value as JSON", async () => {
  const reply = await runOne({});
  expect(reply?.kind === "done" && reply.json.toString()).toBe('{"fine":true}');
});

it("says that it began, and how far it is, only to those who asked", async () => {
  run = async (context) => {
    await context.report({ progress: 1, total: 2 });
    return succeed({});
  };
  await runOne({});
  expect(replies.map((reply) => reply.kind)).toEqual(["done"]);
  await runOne({}, { progress: true });
  expect(replies.map((reply) => reply.kind)).toEqual(["done", "started", "progress", "done"]);
});

it("passes a failure of the handler on", async () => {
  run = () => Promise.resolve(fail("not-found", "There is none."));
  expect(failureOf(await runOne({}))).toBe("not-found");
});

it("turns a handler that throws into an internal failure without its message", async () => {
  run = () => Promise.reject(new Error("secret detail"));
  const reply = await runOne({});
  expect(failureOf(reply)).toBe("internal");
  expect(JSON.stringify(reply)).not.toContain("secret detail");
});

it("does not begin a call whose deadline has passed", async () => {
  expect(failureOf(await runOne({}, { expiresAt: Date.now() - 1 }))).toBe("deadline");
  expect(runs).toBe(0);
});

it("does not begin a call that was cancelled, and answers nobody", async () => {
  const id = randomUUID();
  cancelled.add(id);
  expect(await runOne({ id })).toBeUndefined();
  expect(runs).toBe(0);
});

it("gives the handler a signal that fires at the deadline", async () => {
  run = (context) =>
    new Promise((resolve) => {
      context.signal.addEventListener("abort", () => resolve(fail("deadline", (context.signal.reason as Error).name)));
    });
  const reply = await runOne({}, { expiresAt: Date.now() + 50 });
  expect(reply?.kind === "failed" && reply.failure.message).toBe("TimeoutError");
});

it("says what a call came to whose handler threw because it was to stop", async () => {
  run = async (context) => {
    await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
    throw new Error("aborted");
  };
  expect(failureOf(await runOne({}, {}, AbortSignal.timeout(20)))).toBe("cancelled");
  expect(failureOf(await runOne({}, { expiresAt: Date.now() + 50 }))).toBe("deadline");
  expect(
    failureOf(await runOne({ name: executeEntityOperation.name, input: write }, { expiresAt: Date.now() + 50 })),
  ).toBe("outcome-unknown");
});

it("executes a write once, however often its job is run", async () => {
  const job = { id: randomUUID(), name: executeEntityOperation.name, input: write };
  expect(failureOf(await runOne(job))).toBe("done");
  expect(failureOf(await runOne(job))).toBe("outcome-unknown");
  expect(runs).toBe(1);
});

it("runs a read as often as its job is run", async () => {
  const job = { id: randomUUID() };
  await runOne(job);
  await runOne(job);
  expect(runs).toBe(2);
});

it("never begins a write that its gateway withdrew", async () => {
  const id = randomUUID();
  await redis.set(writeClaimKey(prefix, id), "withdrawn");
  expect(await runOne({ id, name: executeEntityOperation.name, input: write })).toBeUndefined();
  expect(runs).toBe(0);
});

it("refuses input that its contract does not allow", async () => {
  expect(failureOf(await runOne({ input: { limit: "many" } }))).toBe("invalid-input");
});

it("refuses a job that it does not know, as an older worker in a rolling deployment would", async () => {
  expect(failureOf(await runOne({ name: "tool-of-tomorrow" }))).toBe("internal");
});

it("refuses a result that is too large, and says how to get a smaller one", async () => {
  run = () => Promise.resolve(succeed({ pad: "x".repeat(2_000) }));
  const reply = await runOne({});
  expect(reply?.kind === "failed" && reply.failure).toMatchObject({
    kind: "too-large",
    guidance: expect.stringContaining("$top"),
  });
});
