import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { executeEntityOperation } from "@sap-mcp/shared/contracts/execute-entity-operation.ts";
import { searchSapServices } from "@sap-mcp/shared/contracts/search-sap-services.ts";
import type { FailureKind } from "@sap-mcp/shared/failure.ts";
import { createLogger } from "@sap-mcp/shared/logger.ts";
import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { Redis } from "ioredis";
import { afterAll, beforeEach, expect, inject, it } from "vitest";
import type { BreakerSettings } from "./circuit-breaker.ts";
import { guardHandlers } from "./guard-handlers.ts";
import type { JobContext, JobHandler } from "./job-handler.ts";
import { retryRead } from "./retry-read.ts";

const redis = new Redis(inject("redisUrl"), { protocol: 2 });
const log = createLogger({ component: "worker", level: "silent", instance: "0" });
let prefix: string;
let sap: () => Promise<Outcome<unknown>>;
let asked: number;

beforeEach(async () => {
  await redis.ping();
  prefix = `{test-${randomUUID()}}`;
  asked = 0;
});
afterAll(() => redis.disconnect());

const answers = () => Promise.resolve(succeed({}));
const fails = (kind: FailureKind) => () => Promise.resolve(fail(kind, "No."));
const context = { log, signal: new AbortController().signal } as JobContext;
const read = { serviceId: "S", entityName: "E", operation: "read" };

/** What one worker process of the fleet makes of the handlers. */
function openWorker(own: Partial<BreakerSettings> = {}) {
  const handlers = [executeEntityOperation, searchSapServices].map((contract): JobHandler => {
    return {
      contract,
      run: () => {
        asked += 1;
        return sap();
      },
    };
  });
  const settings = { windowMs: 30_000, minCalls: 4, failureShare: 0.5, trialIntervalMs: 500, ...own };
  const guarded = guardHandlers(handlers, { redis, prefix, destinations: ["S4", "OTHER"], settings, log });
  return async (input: Readonly<Record<string, unknown>> = read, contract = executeEntityOperation.name) => {
    const outcome = await guarded.find((handler) => handler.contract.name === contract)?.run(input, context);
    if (outcome === undefined) throw new Error(`no handler for ${contract}`);
    return outcome.ok ? ("answered" as const) : outcome.failure;
  };
}

/** Longer than a worker takes to hear what the others saw. */
const untilHeard = () => sleep(1_100);

async function openCircuit(call: ReturnType<typeof openWorker>): Promise<void> {
  sap = fails("sap-unavailable");
  for (let at = 0; at < 4; at += 1) await call();
  await untilHeard();
  await call();
  await sleep(50);
}

it("opens for all workers on failures that two of them saw, and refuses at once with the time to wait", async () => {
  const [first, second] = [openWorker({ trialIntervalMs: 5_000 }), openWorker({ trialIntervalMs: 5_000 })];
  sap = fails("sap-error");
  await Promise.all([first(), first(), second(), second()]);
  await untilHeard();
  // The first calls of the next second carry the counts to Redis.
  await Promise.all([first(), second()]);
  await sleep(50);
  await untilHeard();
  await Promise.all([first(), second()]);
  await sleep(50);
  const before = asked;
  for (const call of [first, second]) {
    expect(await call()).toMatchObject({ kind: "sap-unavailable", message: expect.stringContaining("nothing was") });
    const { retryAfterMs = 0 } = (await call()) as { retryAfterMs?: number };
    expect(retryAfterMs).toBeGreaterThan(0);
    expect(retryAfterMs).toBeLessThanOrEqual(5_000);
  }
  expect(asked).toBe(before);
});

it("lets one call of all workers try at intervals, and stays open while that fails", async () => {
  const [first, second] = [openWorker(), openWorker()];
  await openCircuit(first);
  for (let round = 0; round < 2; round += 1) {
    await sleep(600);
    const before = asked;
    await Promise.all([first(), second(), first(), second(), first(), second()]);
    expect(asked - before).toBe(1);
  }
});

it("closes for all workers when the trial succeeds", async () => {
  const [first, second] = [openWorker(), openWorker()];
  await openCircuit(first);
  await second();
  sap = answers;
  await sleep(600);
  expect(await second()).toBe("answered");
  await sleep(600);
  await first();
  expect(await Promise.all([first(), second(), first(), second()])).toEqual(
    Array.from({ length: 4 }, () => "answered"),
  );
});

it("stays closed while most calls are answered, and for failures that are not SAP's", async () => {
  const call = openWorker();
  for (const kind of ["sap-error", "not-found", "rejected", "conflict"] as const) {
    sap = fails(kind);
    await call();
  }
  for (const kind of ["invalid-input", "deadline", "throttled", "unknown-service"] as const) {
    sap = fails(kind);
    for (let at = 0; at < 5; at += 1) await call();
  }
  await untilHeard();
  await call();
  sap = answers;
  await sleep(50);
  expect(await call()).toBe("answered");
});

it("keeps other destinations and calls that caches answer out of it", async () => {
  const call = openWorker({ trialIntervalMs: 60_000 });
  await openCircuit(call);
  sap = answers;
  expect(await call()).toMatchObject({ kind: "sap-unavailable" });
  expect(await call({ ...read, destination: "OTHER" })).toBe("answered");
  expect(await call({ ...read, cursor: "c" })).toBe("answered");
  expect(await call({ limit: 1 }, searchSapServices.name)).toBe("answered");
});

it("leaves nothing in Redis that does not expire", async () => {
  await openCircuit(openWorker());
  const keys = await redis.keys(`${prefix.replaceAll(/[{}]/g, "?")}*`);
  expect(keys).toHaveLength(1);
  for (const key of keys) expect(await redis.pttl(key)).toBeGreaterThan(0);
});

it("has a read answered at once that would be tried again otherwise, while the circuit is open", async () => {
  const call = openWorker({ trialIntervalMs: 3_000 });
  await openCircuit(call);
  const before = Date.now();
  const readOnce = async () => {
    const failure = await call();
    return failure === "answered" ? succeed({}) : { ok: false as const, failure };
  };
  const signal = new AbortController().signal;
  const outcome = await retryRead<unknown>(readOnce, { attempts: 3, expiresAt: before + 20_000, signal });
  expect(outcome).toMatchObject({ ok: false, failure: { kind: "sap-unavailable" } });
  expect(Date.now() - before).toBeLessThan(1_000);
});
