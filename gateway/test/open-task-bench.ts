import type { IncomingHttpHeaders } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { settleTask } from "@sap-mcp/shared/task-record.ts";
import { Redis } from "ioredis";
import { freshPrefix, openTestGateway, openTestWorker, postModern } from "./open-test-gateway.ts";
import type { TakenJob } from "./open-test-gateway.ts";

/** The `_meta` of a request whose client knows tasks. */
export const declared = {
  "io.modelcontextprotocol/clientCapabilities": { extensions: { "io.modelcontextprotocol/tasks": {} } },
};

export interface TaskAnswer {
  readonly result: {
    readonly resultType: string;
    readonly taskId: string;
    readonly status: string;
    readonly statusMessage?: string;
    readonly ttlMs: number;
    readonly createdAt: string;
    readonly structuredContent?: object;
    readonly result?: { readonly isError?: boolean; readonly structuredContent: object };
  };
  readonly error?: { readonly code: number; readonly data?: object };
}

/** Two gateways with a wait budget of 200 ms over a worker whose calls end when the test says so. */
export type TaskBench = Awaited<ReturnType<typeof openTaskBench>>;

export async function openTaskBench(stack: AsyncDisposableStack, redisUrl: string) {
  const prefix = freshPrefix();
  const redis = stack.adopt(new Redis(redisUrl, { protocol: 2 }), (it) => it.disconnect());
  const firstGateway = stack.use(new AsyncDisposableStack());
  const options = {
    redisUrl,
    prefix,
    env: {
      TASK_AFTER_MS: "200",
      CALL_TIMEOUT_MS: "20000",
      TASK_TTL_S: "60",
      SAP_ALLOW_WRITES: "true",
      DRAIN_DELAY_MS: "0",
    },
    authenticate: (headers: IncomingHttpHeaders) =>
      Promise.resolve({ tenant: "t", user: headers["x-user"]?.toString() ?? "u", scopes: [] }),
  };
  const first = await openTestGateway(firstGateway, options);
  const second = await openTestGateway(stack, options);
  const quick = (job: TakenJob) => finish(job, { services: [] });
  let handle = quick;
  openTestWorker(stack, { redisUrl, prefix }, (job) => handle(job));

  /** What the product's worker does when a call is over. */
  const finish = async ({ callId, payload: { task }, reply }: TakenJob, value: object): Promise<void> => {
    const json = Buffer.from(JSON.stringify(value));
    if (task !== undefined && Date.now() >= task.dueAt) {
      await settleTask(redis, prefix, { taskId: task.id, callId }, { ok: true, value: json });
    }
    await reply({ kind: "done", callId, json });
  };
  const get = async (url: string, taskId: string) => (await send(url, "tasks/get", { taskId })).result;
  return {
    redis,
    prefix,
    first,
    second,
    firstGateway,
    get,
    finish,
    call: (url: string, meta: object = declared, args: object = {}, name = "search-sap-services") =>
      send(url, "tools/call", { name, arguments: args }, { meta }),
    /** Holds the calls that come until `end`; after that, calls are answered at once again. */
    holdCall: () => {
      const taken = Promise.withResolvers<TakenJob>();
      const ended = Promise.withResolvers<void>();
      handle = (job) => {
        taken.resolve(job);
        return ended.promise;
      };
      const end = () => {
        handle = quick;
        ended.resolve();
      };
      return { taken: taken.promise, end };
    },
    untilStatus: async (url: string, taskId: string, status: string) => {
      for (;;) {
        const task = await get(url, taskId);
        if (task.status === status) return task;
        await sleep(20);
      }
    },
  };
}

/** Sends a 2026-07-28 request and reads its answer, whether it came as JSON or as the last event of a stream. */
export async function send(
  url: string,
  method: string,
  params: object,
  facts: { user?: string; meta?: object } = {},
): Promise<TaskAnswer> {
  const { taskId } = params as { taskId?: string };
  const headers = {
    ...(taskId !== undefined && { "mcp-name": taskId }),
    ...(facts.user !== undefined && { "x-user": facts.user }),
  };
  const message = { method, params: { ...params, _meta: facts.meta ?? declared } };
  const text = await (await postModern(url, message, { headers })).text();
  const last = text.split("\n").findLast((line) => line.startsWith("data: "));
  return JSON.parse(last?.slice(6) ?? text) as TaskAnswer;
}
