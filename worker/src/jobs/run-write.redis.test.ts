import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { writeClaimKey, writeRecordKey, writeResultKey } from "@sap-mcp/shared/keys.ts";
import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import { afterEach, beforeEach, expect, inject, it, vi } from "vitest";
import { change, failureOf, openJobBench } from "../../test/job-bench.ts";

let bench: ReturnType<typeof openJobBench>;

beforeEach(() => {
  bench = openJobBench(inject("redisUrl"));
});
afterEach(() => bench[Symbol.dispose]());

it("executes a write once, however often its job is run, and answers with its result each time", async () => {
  const job = { ...change, id: randomUUID() };
  expect(failureOf(await bench.run(job))).toBe("done");
  expect(await bench.run(job)).toEqual({ kind: "done", callId: job.id, json: Buffer.from('{"fine":true}') });
  expect(bench.runs).toBe(1);
});

it("says that the outcome is unknown when the first run of a write was lost, and stays with that", async () => {
  const job = { ...change, id: randomUUID() };
  bench.handle = () => new Promise(() => {});
  void bench.run({ ...job, payload: { idempotencyKey: "lost" } });
  await vi.waitFor(() => expect(bench.runs).toBe(1));
  expect(failureOf(await bench.run({ ...job, payload: { idempotencyKey: "lost" } }))).toBe("outcome-unknown");
  expect(failureOf(await bench.run({ ...change, payload: { idempotencyKey: "lost" } }))).toBe("outcome-unknown");
  expect(bench.runs).toBe(1);
});

it("answers a repeat under the same idempotency key with the result of the first call", async () => {
  await bench.run({ ...change, payload: { idempotencyKey: "once" } });
  bench.handle = () => Promise.resolve(succeed({ fine: false }));
  const again = await bench.run({ ...change, payload: { idempotencyKey: "once" } });
  expect(again?.kind === "done" && again.json.toString()).toBe('{"fine":true}');
  expect(bench.runs).toBe(1);
});

it("keeps equal idempotency keys of two users apart", async () => {
  const bob = { tenant: "t", user: "bob", scopes: [] };
  await bench.run({ ...change, payload: { idempotencyKey: "mine" } });
  await bench.run({ ...change, payload: { idempotencyKey: "mine", caller: bob } });
  expect(bench.runs).toBe(2);
});

it("refuses another change under a used idempotency key, but not the same one in another order of fields", async () => {
  const changeOf = (parameters: object) => ({ ...change, input: { ...change.input, parameters } });
  await bench.run({ ...changeOf({ a: 1, b: 2 }), payload: { idempotencyKey: "used" } });
  expect(failureOf(await bench.run({ ...changeOf({ b: 2, a: 1 }), payload: { idempotencyKey: "used" } }))).toBe("done");
  expect(failureOf(await bench.run({ ...changeOf({ a: 1 }), payload: { idempotencyKey: "used" } }))).toBe(
    "invalid-input",
  );
  expect(bench.runs).toBe(1);
});

it("lets a repeat wait for the run that is under way, and executes neither twice", async () => {
  bench.handle = async () => {
    await sleep(200);
    return succeed({ slow: true });
  };
  const both = await Promise.all([
    bench.run({ ...change, payload: { idempotencyKey: "twice" } }),
    bench.run({ ...change, payload: { idempotencyKey: "twice" } }),
  ]);
  expect(both.map((reply) => reply?.kind)).toEqual(["done", "done"]);
  expect(bench.runs).toBe(1);
});

it("tells a repeat that cannot wait that its change is under way", async () => {
  bench.handle = () => new Promise(() => {});
  void bench.run({ ...change, payload: { idempotencyKey: "slow" } });
  await vi.waitFor(() => expect(bench.runs).toBe(1));
  const reply = await bench.run({ ...change, payload: { idempotencyKey: "slow", expiresAt: Date.now() + 700 } });
  expect(reply?.kind === "failed" && reply.failure).toMatchObject({
    kind: "under-way",
    guidance: expect.stringContaining("Repeat it unchanged"),
  });
});

it("executes a repeat of what SAP refused, and keeps what it may have executed", async () => {
  bench.handle = () => Promise.resolve(fail("conflict", "Locked."));
  expect(failureOf(await bench.run({ ...change, payload: { idempotencyKey: "refused" } }))).toBe("conflict");
  bench.handle = () => Promise.resolve(fail("sap-error", "Dump."));
  expect(failureOf(await bench.run({ ...change, payload: { idempotencyKey: "refused" } }))).toBe("sap-error");
  bench.handle = () => Promise.resolve(succeed({}));
  expect(failureOf(await bench.run({ ...change, payload: { idempotencyKey: "refused" } }))).toBe("sap-error");
  expect(bench.runs).toBe(2);
});

it("keeps of a very large result only that the write was executed", async () => {
  bench.handle = () => Promise.resolve(succeed({ pad: "x".repeat(300_000) }));
  await bench.run({ ...change, payload: { idempotencyKey: "large" }, maxResultBytes: 1_000_000 });
  const again = await bench.run({ ...change, payload: { idempotencyKey: "large" } });
  expect(again?.kind === "failed" && again.failure.message).toContain("The write was executed");
  expect(bench.runs).toBe(1);
});

it("keeps a result under a key that nobody asked for not as long, but never executes its write again", async () => {
  const id = randomUUID();
  await bench.run({ ...change, id });
  expect(await bench.redis.del(writeResultKey(bench.prefix, "t/u", id))).toBe(1);
  const again = await bench.run({ ...change, payload: { idempotencyKey: id } });
  expect(again?.kind === "failed" && again.failure.message).toContain("The write was executed");
  expect(bench.runs).toBe(1);
});

it("forgets the key of a write after its time", async () => {
  await bench.run({ ...change, payload: { idempotencyKey: "ttl" } });
  for (const key of [writeRecordKey(bench.prefix, "t/u", "ttl"), writeResultKey(bench.prefix, "t/u", "ttl")]) {
    const ttl = await bench.redis.ttl(key);
    expect(ttl).toBeGreaterThan(50);
    expect(ttl).toBeLessThanOrEqual(60);
  }
});

it("does not begin a write whose deadline has passed, and leaves its key free", async () => {
  expect(
    failureOf(await bench.run({ ...change, payload: { idempotencyKey: "late", expiresAt: Date.now() - 1 } })),
  ).toBe("deadline");
  expect(failureOf(await bench.run({ ...change, payload: { idempotencyKey: "late" } }))).toBe("done");
  expect(bench.runs).toBe(1);
});

it("never begins a write that its gateway withdrew", async () => {
  const id = randomUUID();
  await bench.redis.set(writeClaimKey(bench.prefix, id), "withdrawn");
  expect(await bench.run({ id, ...change })).toBeUndefined();
  expect(bench.runs).toBe(0);
});
