import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import { afterEach, beforeEach, expect, inject, it } from "vitest";
import { change, failureOf, openJobBench } from "../../test/job-bench.ts";

let bench: ReturnType<typeof openJobBench>;

beforeEach(() => {
  bench = openJobBench(inject("redisUrl"));
});
afterEach(() => bench[Symbol.dispose]());

it("answers with the handler's value as JSON", async () => {
  const reply = await bench.run({});
  expect(reply?.kind === "done" && reply.json.toString()).toBe('{"fine":true}');
});

it("says that it began, and how far it is, only to those who asked", async () => {
  bench.handle = async (context) => {
    await context.report({ progress: 1, total: 2 });
    return succeed({});
  };
  await bench.run({});
  expect(bench.replies.map((reply) => reply.kind)).toEqual(["done"]);
  await bench.run({ payload: { progress: true } });
  expect(bench.replies.map((reply) => reply.kind)).toEqual(["done", "started", "progress", "done"]);
});

it("passes a failure of the handler on", async () => {
  bench.handle = () => Promise.resolve(fail("not-found", "There is none."));
  expect(failureOf(await bench.run({}))).toBe("not-found");
});

it("turns a handler that throws into an internal failure without its message", async () => {
  bench.handle = () => Promise.reject(new Error("secret detail"));
  const reply = await bench.run({});
  expect(failureOf(reply)).toBe("internal");
  expect(JSON.stringify(reply)).not.toContain("secret detail");
});

it("does not begin a call whose deadline has passed", async () => {
  expect(failureOf(await bench.run({ payload: { expiresAt: Date.now() - 1 } }))).toBe("deadline");
  expect(bench.runs).toBe(0);
});

it("does not begin a call that was cancelled, and answers nobody", async () => {
  const id = randomUUID();
  bench.cancelled.add(id);
  expect(await bench.run({ id })).toBeUndefined();
  expect(bench.runs).toBe(0);
});

it("gives the handler a signal that fires at the deadline", async () => {
  bench.handle = (context) =>
    new Promise((resolve) => {
      context.signal.addEventListener("abort", () => resolve(fail("deadline", (context.signal.reason as Error).name)));
    });
  const reply = await bench.run({ payload: { expiresAt: Date.now() + 50 } });
  expect(reply?.kind === "failed" && reply.failure.message).toBe("TimeoutError");
});

it("says what a call came to whose handler threw because it was to stop", async () => {
  bench.handle = async (context) => {
    await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
    throw new Error("aborted");
  };
  expect(failureOf(await bench.run({ signal: AbortSignal.timeout(20) }))).toBe("cancelled");
  expect(failureOf(await bench.run({ payload: { expiresAt: Date.now() + 50 } }))).toBe("deadline");
  expect(failureOf(await bench.run({ ...change, payload: { expiresAt: Date.now() + 50 } }))).toBe("outcome-unknown");
});

it("changes nothing about a call that is over when its signal fires afterwards", async () => {
  const cancel = new AbortController();
  let aborted = false;
  bench.handle = (context) => {
    context.signal.addEventListener("abort", () => (aborted = true));
    return Promise.resolve(succeed({ fine: true }));
  };
  await bench.run({ ...change, payload: { idempotencyKey: "over" }, signal: cancel.signal });
  await bench.run({ signal: cancel.signal });
  expect(bench.replies.map((reply) => reply.kind)).toEqual(["done", "done"]);
  cancel.abort();
  await sleep(20);
  expect(bench.replies).toHaveLength(2);
  expect(failureOf(await bench.run({ ...change, payload: { idempotencyKey: "over" } }))).toBe("done");
  expect(bench.runs).toBe(2);
  expect(aborted).toBe(true);
});

it("tries a read again that SAP did not take, but no write and nothing that SAP refused", async () => {
  bench.handle = () =>
    Promise.resolve(bench.runs < 3 ? fail("throttled", "Slow down.", { retryAfterMs: 10 }) : succeed({}));
  expect(failureOf(await bench.run({}))).toBe("done");
  expect(bench.runs).toBe(3);
  bench.runs = 0;
  expect(failureOf(await bench.run(change))).toBe("throttled");
  expect(bench.runs).toBe(1);
  bench.handle = () => Promise.resolve(fail("rejected", "No."));
  expect(failureOf(await bench.run({}))).toBe("rejected");
  expect(bench.runs).toBe(2);
});

it("lets reads share a run only when they have input and caller in common and want no progress", async () => {
  bench.handle = async () => {
    await sleep(100);
    return succeed({});
  };
  const bob = { tenant: "t", user: "bob", scopes: [] };
  await Promise.all([bench.run({}), bench.run({}), bench.run({})]);
  expect(bench.runs).toBe(1);
  await Promise.all([
    bench.run({}),
    bench.run({ payload: { caller: bob } }),
    bench.run({ input: { limit: 6 } }),
    bench.run({ payload: { progress: true } }),
  ]);
  expect(bench.runs).toBe(5);
});

it("runs a read as often as its job is run", async () => {
  const job = { id: randomUUID() };
  await bench.run(job);
  await bench.run(job);
  expect(bench.runs).toBe(2);
});

it("refuses input that its contract does not allow", async () => {
  expect(failureOf(await bench.run({ input: { limit: "many" } }))).toBe("invalid-input");
});

it("refuses a job that it does not know, as an older worker in a rolling deployment would", async () => {
  expect(failureOf(await bench.run({ name: "tool-of-tomorrow" }))).toBe("internal");
});

it("refuses a result that is too large, and says how to get a smaller one", async () => {
  bench.handle = () => Promise.resolve(succeed({ pad: "x".repeat(2_000) }));
  const reply = await bench.run({});
  expect(reply?.kind === "failed" && reply.failure).toMatchObject({
    kind: "too-large",
    guidance: expect.stringContaining("$top"),
  });
});
