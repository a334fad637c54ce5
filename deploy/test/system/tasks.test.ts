import { setTimeout as sleep } from "node:timers/promises";
import { expect, inject, it } from "vitest";
import { openTestSystem } from "./open-test-system.ts";

const meta = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": { extensions: { "io.modelcontextprotocol/tasks": {} } },
};

interface Task {
  readonly taskId: string;
  readonly status: string;
  readonly result?: { readonly structuredContent: { readonly entity?: { readonly SalesOrder: string } } };
}

async function send(url: string, method: string, params: Record<string, unknown>): Promise<Task> {
  const response = await fetch(`${url}/mcp`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": method,
      "mcp-name": String(params["name"] ?? params["taskId"]),
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { ...params, _meta: meta } }),
  });
  return ((await response.json()) as { readonly result: Task }).result;
}

const readOrder = {
  name: "execute-entity-operation",
  arguments: {
    serviceId: "API_SALES_ORDER_SRV",
    entityName: "A_SalesOrder",
    operation: "read-single",
    parameters: { SalesOrder: "7" },
  },
};

async function untilOver(url: string, taskId: string): Promise<Task> {
  const task = await send(url, "tasks/get", { taskId });
  if (task.status !== "working") return task;
  await sleep(200);
  return untilOver(url, taskId);
}

it("brings the result of a task whose gateway was killed, and aborts the request of one that is cancelled", async () => {
  await using stack = new AsyncDisposableStack();
  const env = { TASK_AFTER_MS: "500" };
  const { sandbox, gateways } = await openTestSystem(stack, { redisUrl: inject("redisUrl"), env });
  const [dies, stays] = gateways as [(typeof gateways)[0], (typeof gateways)[0]];
  await send(stays.url, "tools/call", readOrder);
  sandbox.addFault({ latencyMs: 3_000, matching: "A_SalesOrder(" });

  const { taskId, status } = await send(dies.url, "tools/call", readOrder);
  expect(status).toBe("working");
  await dies.kill();
  const task = await untilOver(stays.url, taskId);
  expect(task.status).toBe("completed");
  expect(task.result?.structuredContent.entity?.SalesOrder).toBe("7");

  const second = await send(stays.url, "tools/call", readOrder);
  const { aborted } = sandbox.stats();
  await send(stays.url, "tasks/cancel", { taskId: second.taskId });
  await expect.poll(() => sandbox.stats().aborted, { timeout: 1_000 }).toBe(aborted + 1);
  expect((await send(stays.url, "tasks/get", { taskId: second.taskId })).status).toBe("cancelled");
}, 90_000);
