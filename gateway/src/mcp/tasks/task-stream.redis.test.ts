import { setTimeout as sleep } from "node:timers/promises";
import { noteTaskProgress } from "@sap-mcp/shared/task-record.ts";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { declared, openTaskBench, send } from "../../../test/open-task-bench.ts";
import type { TaskBench } from "../../../test/open-task-bench.ts";
import { postModern } from "../../../test/open-test-gateway.ts";

const stack = new AsyncDisposableStack();
let bench: TaskBench;

beforeAll(async () => {
  bench = await openTaskBench(stack, inject("redisUrl"));
});
afterAll(() => stack.disposeAsync());

it("notifies a listener at the other gateway of each change, and ends the stream with the task", async () => {
  const held = bench.holdCall();
  const { result: task } = await bench.call(bench.first);
  const listening = await postModern(bench.second, {
    method: "subscriptions/listen",
    params: { notifications: { taskIds: [task.taskId, "none"] }, _meta: declared },
  });
  await noteTaskProgress(bench.redis, bench.prefix, task.taskId, { progress: 1, message: "halfway" });
  await sleep(200);
  await bench.finish(await held.taken, { services: ["told"] });
  held.end();
  const events = (await listening.text()).split("\n").filter((line) => line.startsWith("data: "));
  const messages = events.map((line) => JSON.parse(line.slice(6)));
  expect(messages[0]).toMatchObject({
    method: "notifications/subscriptions/acknowledged",
    params: { notifications: { taskIds: [task.taskId] }, _meta: { "io.modelcontextprotocol/subscriptionId": 1 } },
  });
  const told = messages.filter((it) => it.method === "notifications/tasks").map(({ params }) => params);
  expect(told).toContainEqual(expect.objectContaining({ status: "working", statusMessage: "halfway" }));
  expect(told.at(-1)).toMatchObject({ status: "completed", result: { structuredContent: { services: ["told"] } } });
  expect(messages.at(-1)).toMatchObject({ id: 1, result: { resultType: "complete" } });
});

it("tells a listener that did not declare the extension what it lacks", async () => {
  const { error } = await send(
    bench.first,
    "subscriptions/listen",
    { notifications: { taskIds: ["x"] } },
    { meta: {} },
  );
  expect(error?.code).toBe(-32021);
});
