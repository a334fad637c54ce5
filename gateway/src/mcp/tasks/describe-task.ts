import { isInputRequiredResult, ProtocolError } from "@modelcontextprotocol/server";
import type { CallToolResult, InputRequests, ServerContext } from "@modelcontextprotocol/server";
import { fail } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { withKey } from "../call-sap.ts";
import { resultOfFailure, resultOfJson, withIdempotencyKey } from "../tool-result.ts";
import type { Tool, ToolResult } from "../tool.ts";
import type { TaskRecord } from "./task-store.ts";

/** The state of a task with what belongs to it (ext-tasks 2026-07-28, DetailedTask). */
export type TaskState =
  | { readonly status: "working" | "cancelled"; readonly statusMessage?: string }
  | { readonly status: "input_required"; readonly inputRequests: InputRequests }
  | { readonly status: "completed"; readonly result: CallToolResult }
  | { readonly status: "failed"; readonly statusMessage: string; readonly error: { code: number; message: string } };

/** Advice to clients, in ms. */
const pollIntervalMs = 2_000;
/** Time after the deadline in which a lost worker's job is still answered by another one, in ms. */
const graceMs = 30_000;

/** The fields that every answer about a task has. */
export function outlineOf({ id, createdAt, updatedAt, ttlMs }: TaskRecord) {
  return {
    taskId: id,
    createdAt: new Date(createdAt).toISOString(),
    lastUpdatedAt: new Date(updatedAt).toISOString(),
    ttlMs,
    pollIntervalMs,
  };
}

/** What has become of a task. The tool makes its result here as it would have done for a quick call. */
export async function stateOf(task: TaskRecord, tool: Tool | undefined, context: ServerContext): Promise<TaskState> {
  if (task.isCancelled) return { status: "cancelled" };
  const ended = task.outcome ?? lostOutcomeOf(task);
  if (ended === undefined) return working(task);
  const { idempotencyKey } = task.call.trace;
  const outcome = idempotencyKey === undefined ? ended : withKey(ended, idempotencyKey);
  if (!outcome.ok && outcome.failure.kind === "cancelled") return { status: "cancelled" };
  try {
    const result = await resultOf(outcome, tool, asToolCall(context, {}));
    if (!isInputRequiredResult(result)) {
      return { status: "completed", result: withIdempotencyKey(result, idempotencyKey) };
    }
    const asked = Object.entries(result.inputRequests ?? {});
    const keyed = asked.map(([name, request]) => [keyOf(task, name), request] as const);
    const open = keyed.filter(([key]) => !(key in task.answers));
    if (open.length === 0) return working(task);
    return { status: "input_required", inputRequests: Object.fromEntries(open) };
  } catch (error) {
    const { code, message } =
      error instanceof ProtocolError ? error : { code: -32603, message: "The result could not be made." };
    return { status: "failed", statusMessage: message, error: { code, message } };
  }
}

/** All that a tool's client has answered so far, by the names that the tool gave to its questions. */
export function answersIn({ answers }: TaskRecord): Record<string, unknown> {
  return Object.fromEntries(Object.entries(answers).map(([key, given]) => [key.slice(key.indexOf(".") + 1), given]));
}

/** The context of a tools/call that comes with these answers; state stays in the task and not with the client. */
export function asToolCall(context: ServerContext, answers: Record<string, unknown>): ServerContext {
  const mcpReq = { ...context.mcpReq, method: "tools/call", inputResponses: answers, requestState: () => undefined };
  return { ...context, mcpReq };
}

/** A key of a question must not come twice in the life of a task, whatever the tool asks in its next round. */
function keyOf({ call }: TaskRecord, name: string): string {
  return `${call.round}.${name}`;
}

function working({ message }: TaskRecord): TaskState {
  return { status: "working", ...(message !== undefined && { statusMessage: message }) };
}

/** For a call whose deadline has passed without a trace of its end. */
function lostOutcomeOf({ call }: TaskRecord): Outcome<Buffer> | undefined {
  if (Date.now() < call.trace.expiresAt + graceMs) return undefined;
  if (!call.trace.isWrite) return fail("deadline", "The call was not answered by its deadline.");
  return fail("outcome-unknown", "The write was not answered by its deadline.", {
    guidance: "Read the entity to see whether SAP executed it before you try again.",
  });
}

async function resultOf(outcome: Outcome<Buffer>, tool: Tool | undefined, context: ServerContext): Promise<ToolResult> {
  if (!outcome.ok) return resultOfFailure(outcome.failure);
  if (tool === undefined) throw new ProtocolError(-32602, "The tool is not offered any more.");
  return await (tool.toResult ?? resultOfJson)(outcome.value, context);
}
