import { SUBSCRIPTION_ID_META_KEY } from "@modelcontextprotocol/server";
import { openSseStream } from "../legacy/sse-response.ts";

/** A task as tasks/get shows it. */
export interface ShownTask {
  readonly taskId: string;
  readonly status: string;
}

export interface TaskStreamOptions {
  /** The JSON-RPC id of subscriptions/listen, which marks what belongs to it. */
  readonly id: string | number;
  readonly taskIds: readonly string[];
  /** Undefined for a task that its reader must not see or that has expired. */
  readonly read: (taskId: string) => Promise<ShownTask | undefined>;
  readonly subscribe: (taskId: string, onNews: () => void) => Promise<() => void>;
  /** Fires when the client has gone. */
  readonly signal: AbortSignal;
  /** All streams that are open, as what ends them. */
  readonly open: Set<() => void>;
}

interface Followed {
  readonly unsubscribe: () => void;
  /** What was told last, as JSON. */
  told: string;
}

/** News may be lost with a connection; the tasks are not. */
const rereadIntervalMs = 15_000;

/** Tells each change of some tasks as notifications/tasks, until all are over. */
export async function openTaskStream(options: TaskStreamOptions): Promise<Response> {
  const { id, read, signal, open } = options;
  const followed = new Map<string, Followed>();
  const mark = { _meta: { [SUBSCRIPTION_ID_META_KEY]: id } };
  let telling = Promise.resolve();
  let ended = false;

  const release = () => {
    ended = true;
    clearInterval(reread);
    for (const { unsubscribe } of followed.values()) unsubscribe();
    followed.clear();
    open.delete(finish);
    signal.removeEventListener("abort", release);
  };
  const sse = openSseStream({}, release);
  const send = (message: object) =>
    sse.write(`event: message\ndata: ${JSON.stringify({ jsonrpc: "2.0", ...message })}\n\n`);
  const finish = () => {
    send({ id, result: { resultType: "complete", ...mark } });
    release();
    sse.end();
  };
  const tell = async (taskId: string) => {
    const task = await read(taskId);
    const entry = followed.get(taskId);
    if (entry === undefined) return;
    const state = JSON.stringify(task) ?? "";
    if (task !== undefined && state !== entry.told)
      send({ method: "notifications/tasks", params: { ...task, ...mark } });
    entry.told = state;
    if (task?.status === "working" || task?.status === "input_required") return;
    entry.unsubscribe();
    followed.delete(taskId);
    if (followed.size === 0) finish();
  };
  const tellInTurn = (taskId: string) => {
    // A state that could not be read is made up for by the next reading.
    telling = telling.then(() => tell(taskId)).catch(() => undefined);
  };
  const reread = setInterval(() => [...followed.keys()].forEach(tellInTurn), rereadIntervalMs);
  open.add(finish);
  signal.addEventListener("abort", release, { once: true });

  try {
    for (const taskId of new Set(options.taskIds)) {
      if ((await read(taskId)) === undefined) continue;
      const unsubscribe = await options.subscribe(taskId, () => tellInTurn(taskId));
      if (ended) unsubscribe();
      else followed.set(taskId, { unsubscribe, told: "" });
    }
  } catch (error) {
    release();
    sse.end();
    throw error;
  }
  const taskIds = [...followed.keys()];
  const notifications = taskIds.length > 0 ? { taskIds } : {};
  send({ method: "notifications/subscriptions/acknowledged", params: { notifications, ...mark } });
  if (taskIds.length === 0 && !ended) finish();
  // Also what changed between the handle and the subscription.
  taskIds.forEach(tellInTurn);
  return sse.response;
}
