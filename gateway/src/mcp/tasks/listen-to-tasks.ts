import { taskChannel } from "@sap-mcp/shared/keys.ts";
import { z } from "zod";
import type { McpExchange } from "../exchange.ts";
import { jsonRpcErrorResponse } from "../json-rpc-response.ts";
import type { RedisChannels } from "../legacy/redis-channels.ts";
import { openTaskStream } from "./task-stream.ts";
import type { ShownTask } from "./task-stream.ts";
import { declaresTasks, tasksMissing } from "./tasks-extension.ts";

type Answer = (exchange: McpExchange) => Promise<Response>;

export interface TaskListening extends Disposable {
  /** Answers subscriptions/listen for tasks itself, and passes everything else on. */
  readonly answer: Answer;
}

const maxTasks = 100;
const listenSchema = z.object({
  id: z.union([z.string(), z.number()]),
  method: z.literal("subscriptions/listen"),
  params: z.object({
    _meta: z.record(z.string(), z.unknown()),
    notifications: z.object({ taskIds: z.array(z.string()).min(1).max(maxTasks) }),
  }),
});
const shownTaskSchema = z.looseObject({ taskId: z.string(), status: z.string() });

/**
 * Lets clients listen to their tasks, which the SDK knows nothing of. What they are told is what `answer` says to
 * tasks/get, so it is the same on every gateway, and only a task's owner hears of it.
 */
export function listenToTasks(answer: Answer, channels: RedisChannels, prefix: string): TaskListening {
  const open = new Set<() => void>();

  const listen = async (exchange: McpExchange, request: z.output<typeof listenSchema>): Promise<Response> => {
    // The SDK checks headers and envelope; its own stream would carry no tasks.
    const checked = await answer(exchange);
    if (checked.headers.get("content-type")?.startsWith("text/event-stream") !== true) return checked;
    await checked.body?.cancel();
    const { id, params } = request;
    if (!declaresTasks(params._meta)) {
      const { code, message, data } = tasksMissing();
      return jsonRpcErrorResponse(400, { code, message, data }, { id });
    }
    return openTaskStream({
      id,
      taskIds: params.notifications.taskIds,
      read: async (taskId) => shownTaskOf(await answer(tasksGet(exchange, taskId, params._meta))),
      subscribe: (taskId, onNews) => channels.subscribe(taskChannel(prefix, taskId), onNews),
      signal: exchange.signal,
      open,
    });
  };

  return {
    answer: (exchange) => {
      const { method } = (exchange.body ?? {}) as { readonly method?: unknown };
      const request = method === "subscriptions/listen" ? listenSchema.safeParse(exchange.body).data : undefined;
      return request === undefined ? answer(exchange) : listen(exchange, request);
    },
    [Symbol.dispose]: () => {
      for (const finish of open) finish();
    },
  };
}

/** The request by which the listener would look at its task. */
function tasksGet(exchange: McpExchange, taskId: string, meta: Readonly<Record<string, unknown>>): McpExchange {
  // Base64 is MCP's form of header values that are not plain ASCII (SEP-2243).
  const name = `=?base64?${Buffer.from(taskId).toString("base64")}?=`;
  const own: Readonly<Record<string, string>> = { "mcp-method": "tasks/get", "mcp-name": name };
  return {
    ...exchange,
    headers: { get: (header) => own[header.toLowerCase()] ?? exchange.headers.get(header) },
    body: { jsonrpc: "2.0", id: taskId, method: "tasks/get", params: { taskId, _meta: meta } },
  };
}

async function shownTaskOf(response: Response): Promise<ShownTask | undefined> {
  const { result } = (await response.json()) as { readonly result?: unknown };
  const task = shownTaskSchema.safeParse(result).data;
  if (task === undefined) return undefined;
  const { resultType: _resultType, _meta, ...shown } = task;
  return shown;
}
