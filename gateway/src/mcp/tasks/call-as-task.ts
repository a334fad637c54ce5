import { randomUUID } from "node:crypto";
import type { ServerContext } from "@modelcontextprotocol/server";
import { principalOf } from "@sap-mcp/shared/caller.ts";
import { fail } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { callSap } from "../call-sap.ts";
import type { SapAccess, SapOutcome, SapRequest } from "../call-sap.ts";
import type { McpExchange } from "../exchange.ts";
import { nameOf } from "../tool.ts";
import type { Tool, ToolArguments, ToolResult } from "../tool.ts";
import { answersIn, asToolCall, outlineOf } from "./describe-task.ts";
import type { TaskRecord } from "./task-store.ts";

/** What a client gets instead of a result that takes longer. */
export type TaskHandle = ToolResult & { readonly resultType: "task" };

/**
 * Makes a call whose client knows tasks. One that is not over within the wait budget becomes a task: it goes on, its
 * client gets a handle, and any gateway can tell what has become of it. Only its client going away before that ends it.
 */
export async function callAsTask(
  access: SapAccess,
  request: SapRequest,
  called: { readonly tool: Tool; readonly args: ToolArguments },
): Promise<SapOutcome | TaskHandle> {
  const { afterMs } = access.tasks;
  const { onProgress } = request;
  const id = randomUUID();
  const leaving = new AbortController();
  const leave = () => leaving.abort();
  if (request.signal.aborted) leave();
  request.signal.addEventListener("abort", leave, { once: true });
  let isTask = false;
  const running = callSap(access, {
    ...request,
    signal: leaving.signal,
    ...(onProgress !== undefined && { onProgress: (progress) => void (isTask || onProgress(progress)) }),
    callId: id,
    task: { id, dueAt: Date.now() + afterMs },
  });
  try {
    const first = await withinBudget(running, afterMs);
    if (first !== "late") return first;
    const task = await record(access, request.exchange, { id, ...called });
    if (task === undefined) return await running;
    isTask = true;
    keepOutcome(access, task, running);
    // The SDK takes what answers a tools/call for a tool result, which has content.
    return { resultType: "task", content: [], status: "working", ...outlineOf(task) };
  } finally {
    request.signal.removeEventListener("abort", leave);
  }
}

/** Goes on with a task whose questions have all been answered: a further call brings the answers to its tool. */
export async function continueTask(
  access: SapAccess,
  task: TaskRecord,
  scene: { readonly tool: Tool; readonly exchange: McpExchange; readonly context: ServerContext },
): Promise<void> {
  const { tool, exchange } = scene;
  const context = asToolCall(scene.context, answersIn(task));
  const contract = tool.contractOf === undefined ? tool.contract : tool.contractOf(task.args);
  if (contract === undefined) return;
  const input = tool.toInput?.(task.args, context) ?? task.args;
  const call = {
    callId: randomUUID(),
    round: task.call.round + 1,
    trace: access.calls.traceLike(task.call.trace, access.timeoutMs),
  };
  if (!(await access.tasks.store.nextRound(task, call))) return;
  const running = callSap(access, {
    contract,
    input,
    exchange,
    signal: new AbortController().signal,
    callId: call.callId,
    idempotencyKey: call.trace.idempotencyKey,
    task: { id: task.id, dueAt: Date.now() },
  });
  keepOutcome(access, { id: task.id, call }, running);
}

async function withinBudget<T>(running: Promise<T>, afterMs: number): Promise<T | "late"> {
  const late = Promise.withResolvers<"late">();
  const timer = setTimeout(() => late.resolve("late"), afterMs);
  try {
    return await Promise.race([running, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Undefined where there is no job to hand out, or Redis does not take the task: then the client just waits. */
async function record(
  { calls, tasks, log }: SapAccess,
  exchange: McpExchange,
  { id, tool, args }: { readonly id: string; readonly tool: Tool; readonly args: ToolArguments },
): Promise<TaskRecord | undefined> {
  const trace = calls.traceOf(id);
  if (trace === undefined) return undefined;
  const call = { callId: id, round: 1, trace };
  try {
    return await tasks.store.create({ id, owner: principalOf(exchange.caller), tool: nameOf(tool), args, call });
  } catch (error) {
    log.warn({ err: error, call_id: id }, "a call could not become a task");
    return undefined;
  }
}

/** Mostly the worker has kept it by then; not so one of a previous version, nor where the deadline ended the call. */
function keepOutcome(
  { tasks, log }: SapAccess,
  { id, call }: Pick<TaskRecord, "id" | "call">,
  running: Promise<Outcome<Buffer>>,
): void {
  running
    .catch((error: unknown): Outcome<Buffer> => {
      log.error({ err: error, call_id: call.callId }, "the call of a task failed");
      return fail("internal", "The gateway failed on this call.");
    })
    .then((outcome) => tasks.store.settle(id, call.callId, outcome))
    .catch((error: unknown) => log.warn({ err: error, call_id: call.callId }, "an outcome could not be kept"));
}
