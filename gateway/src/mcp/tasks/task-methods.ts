import { ProtocolError } from "@modelcontextprotocol/server";
import type { Server, ServerContext } from "@modelcontextprotocol/server";
import { principalOf } from "@sap-mcp/shared/caller.ts";
import { z } from "zod";
import type { SapAccess } from "../call-sap.ts";
import type { McpExchange } from "../exchange.ts";
import type { Tool } from "../tool.ts";
import { continueTask } from "./call-as-task.ts";
import { outlineOf, stateOf } from "./describe-task.ts";
import type { TaskRecord } from "./task-store.ts";
import { requireTasks } from "./tasks-extension.ts";

export interface TaskScene {
  readonly access: SapAccess;
  readonly exchange: McpExchange;
  readonly toolOf: (name: string, context: ServerContext) => Promise<Tool | undefined>;
}

const params = z.looseObject({ taskId: z.string() });

/** tasks/get, tasks/update and tasks/cancel, answered out of Redis, so by any gateway. */
export function installTaskMethods(server: Server, { access, exchange, toolOf }: TaskScene): void {
  const { store } = access.tasks;
  const find = async (id: string): Promise<TaskRecord> => {
    const task = await store.find(id, principalOf(exchange.caller));
    if (task === undefined) throw new ProtocolError(-32602, "There is no such task; it may have expired.");
    return task;
  };
  const look = async (task: TaskRecord, context: ServerContext) => {
    const tool = await toolOf(task.tool, context);
    return { tool, state: await stateOf(task, tool, context) };
  };

  server.setRequestHandler("tasks/get", { params }, async ({ taskId }, context) => {
    requireTasks(context);
    const task = await find(taskId);
    const { state } = await look(task, context);
    return { ...outlineOf(task), ...state };
  });

  server.setRequestHandler("tasks/update", { params }, async ({ taskId }, context) => {
    requireTasks(context);
    const { state } = await look(await find(taskId), context);
    if (state.status !== "input_required") return {};
    const given = Object.entries(context.mcpReq.inputResponses ?? {}).filter(([key]) => key in state.inputRequests);
    if (given.length === 0) return {};
    await store.answer(taskId, Object.fromEntries(given));
    const task = await find(taskId);
    const { tool, state: answered } = await look(task, context);
    if (tool !== undefined && answered.status === "working" && task.outcome !== undefined) {
      await continueTask(access, task, { tool, exchange, context });
    }
    return {};
  });

  server.setRequestHandler("tasks/cancel", { params }, async ({ taskId }, context) => {
    requireTasks(context);
    const task = await find(taskId);
    const { state } = await look(task, context);
    if (state.status === "input_required") await store.cancel(task, "cancelled");
    if (state.status !== "working") return {};
    const isOver = await access.calls.withdraw(task.call.callId, task.call.trace);
    await store.cancel(task, isOver ? "cancelled" : "wanted");
    return {};
  });
}
