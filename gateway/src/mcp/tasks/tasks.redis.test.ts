import { setTimeout as sleep } from "node:timers/promises";
import { writeClaimKey } from "@sap-mcp/shared/keys.ts";
import { noteTaskProgress, settleTask } from "@sap-mcp/shared/task-record.ts";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { declared, openTaskBench, send } from "../../../test/open-task-bench.ts";
import type { TaskAnswer, TaskBench } from "../../../test/open-task-bench.ts";

const stack = new AsyncDisposableStack();
let bench: TaskBench;

beforeAll(async () => {
  bench = await openTaskBench(stack, inject("redisUrl"));
});
afterAll(() => stack.disposeAsync());

it("hands out a task after the wait budget, and the other gateway brings its result", async () => {
  const held = bench.holdCall();
  const { result: task } = await bench.call(bench.first);
  expect(task).toMatchObject({ resultType: "task", status: "working", ttlMs: expect.any(Number) });
  expect(await bench.get(bench.second, task.taskId)).toMatchObject({ resultType: "complete", status: "working" });
  await bench.finish(await held.taken, { services: ["late"] });
  held.end();
  expect(await bench.get(bench.second, task.taskId)).toMatchObject({
    status: "completed",
    createdAt: task.createdAt,
    result: { structuredContent: { services: ["late"] } },
  });
});

it("answers a quick call with its result, although its client knows tasks", async () => {
  const before = await bench.redis.keys(`${bench.prefix}:task:*`);
  const { result } = await bench.call(bench.first);
  expect(result).toMatchObject({ resultType: "complete", structuredContent: { services: [] } });
  expect(await bench.redis.keys(`${bench.prefix}:task:*`)).toEqual(before);
});

it("lets a client wait that did not declare the extension on this request", async () => {
  const held = bench.holdCall();
  const calling = bench.call(bench.first, {});
  await sleep(500);
  await bench.finish(await held.taken, { services: ["waited"] });
  held.end();
  const { result } = await calling;
  expect(result).toMatchObject({ resultType: "complete", structuredContent: { services: ["waited"] } });
});

it("keeps an answer that only its gateway heard of, as from a worker that knows no tasks", async () => {
  const held = bench.holdCall();
  const { result: task } = await bench.call(bench.first);
  const { callId, reply } = await held.taken;
  const failure = { kind: "not-found", message: "There is none." } as const;
  await reply({ kind: "failed", callId, failure });
  held.end();
  const ended = await bench.untilStatus(bench.second, task.taskId, "completed");
  expect(ended.result).toMatchObject({ isError: true, structuredContent: { error: failure } });
});

it("shows a task to its owner only", async () => {
  const held = bench.holdCall();
  const { result: task } = await bench.call(bench.first);
  for (const method of ["tasks/get", "tasks/update", "tasks/cancel"]) {
    const { error } = await send(bench.second, method, { taskId: task.taskId }, { user: "another" });
    expect(error?.code).toBe(-32602);
  }
  expect((await bench.get(bench.second, task.taskId)).status).toBe("working");
  expect((await send(bench.second, "tasks/get", { taskId: "none" })).error?.code).toBe(-32602);
  await bench.finish(await held.taken, {});
  held.end();
});

it("refuses the methods of tasks to a request that did not declare the extension", async () => {
  const { error } = await send(bench.first, "tasks/get", { taskId: "x" }, { meta: {} });
  expect(error).toMatchObject({ code: -32021, data: { requiredCapabilities: expect.any(Object) } });
});

it("tells the worker of a cancellation that the other gateway received, and acknowledges it with nothing", async () => {
  const held = bench.holdCall();
  await using subscriber = new AsyncDisposableStack();
  const listener = subscriber.adopt(new Redis(inject("redisUrl"), { protocol: 2 }), (it) => it.disconnect());
  await listener.subscribe(`${bench.prefix}:cancel`);
  const cancelled = new Promise((resolve) => listener.on("message", (_channel, callId) => resolve(callId)));
  const { result: task } = await bench.call(bench.first);
  const { result: ack } = await send(bench.second, "tasks/cancel", { taskId: task.taskId });
  const { _meta, ...said } = ack as TaskAnswer["result"] & { _meta: object };
  expect(said).toEqual({ resultType: "complete" });
  expect(await cancelled).toBe((await held.taken).callId);
  await bench.finish(await held.taken, { too: "late" });
  held.end();
  expect((await bench.get(bench.first, task.taskId)).status).toBe("cancelled");
});

it("takes a call from the queue whose task is cancelled before a worker has it", async () => {
  const { result: task } = await bench.call(bench.first, declared, { destination: "S4_QUALITY" });
  const keysOfCall = async () => (await bench.redis.keys(`${bench.prefix}:*${task.taskId}`)).length;
  expect(await keysOfCall()).toBe(2);
  await send(bench.second, "tasks/cancel", { taskId: task.taskId });
  expect(await keysOfCall()).toBe(1);
  expect((await bench.get(bench.first, task.taskId)).status).toBe("cancelled");
});

it("does not call a write cancelled that a worker has begun, but says how it ended", async () => {
  const held = bench.holdCall();
  const write = { serviceId: "S", entityName: "E", operation: "create", parameters: {} };
  const calling = bench.call(bench.first, declared, write, "execute-entity-operation");
  const job = await held.taken;
  await bench.redis.set(writeClaimKey(bench.prefix, job.callId), "begun", "EX", 60);
  const { result: task } = await calling;
  await send(bench.second, "tasks/cancel", { taskId: task.taskId });
  expect(await bench.get(bench.second, task.taskId)).toMatchObject({
    status: "working",
    statusMessage: expect.stringContaining("may have been executed"),
  });
  await bench.finish(job, { created: true });
  held.end();
  expect(await bench.get(bench.second, task.taskId)).toMatchObject({
    status: "completed",
    result: {
      structuredContent: { created: true },
      _meta: { "sap-mcp-server/idempotencyKey": job.callId },
    },
  });
});

it("says how far the call has come", async () => {
  const held = bench.holdCall();
  const { result: task } = await bench.call(bench.first);
  await noteTaskProgress(bench.redis, bench.prefix, task.taskId, { progress: 2, total: 5 });
  expect((await bench.get(bench.second, task.taskId)).statusMessage).toBe("2 of 5 done");
  await bench.finish(await held.taken, {});
  held.end();
});

it("lets nothing live on in Redis for ever", async () => {
  const held = bench.holdCall();
  const { result: task } = await bench.call(bench.first);
  const key = `${bench.prefix}:task:${task.taskId}`;
  expect(await bench.redis.pttl(key)).toBeGreaterThan(70_000);
  expect(await bench.redis.pttl(key)).toBeLessThanOrEqual(task.ttlMs);
  await bench.finish(await held.taken, {});
  held.end();
  expect(await bench.redis.pttl(key)).toBeGreaterThan(70_000);
  await settleTask(
    bench.redis,
    bench.prefix,
    { taskId: "never-recorded", callId: "c" },
    { ok: true, value: Buffer.from("{}") },
  );
  expect(await bench.redis.pttl(`${bench.prefix}:task:never-recorded`)).toBeGreaterThan(0);
  expect((await send(bench.first, "tasks/get", { taskId: "never-recorded" })).error?.code).toBe(-32602);
});

it("goes on with a task whose gateway stops", async () => {
  const held = bench.holdCall();
  const { result: task } = await bench.call(bench.first);
  await bench.firstGateway.disposeAsync();
  expect((await bench.get(bench.second, task.taskId)).status).toBe("working");
  await bench.finish(await held.taken, { services: ["survived"] });
  held.end();
  const ended = await bench.get(bench.second, task.taskId);
  expect(ended.result).toMatchObject({ structuredContent: { services: ["survived"] } });
});
