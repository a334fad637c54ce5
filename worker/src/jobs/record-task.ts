import { jobPayloadSchema } from "@sap-mcp/shared/job-payload.ts";
import type { RedisConnection } from "@sap-mcp/shared/redis-connection.ts";
import { noteTaskProgress, settleTask } from "@sap-mcp/shared/task-record.ts";
import type { WriteReply } from "./reply-writer.ts";

/**
 * Outcomes that come this shortly before a call becomes a task are kept as well, in ms: its gateway may just be handing
 * the task out, and clocks differ a little.
 */
const headStartMs = 2_000;

const taskPayloadSchema = jobPayloadSchema.pick({ task: true, progress: true });

/**
 * Wraps the reply writer of a job whose call may have become a task: progress and outcome go into the task's record
 * too, where any gateway finds them, whether or not the one that waits still lives. Costs quick calls nothing.
 */
export function recordTask(
  writeReply: WriteReply,
  data: unknown,
  { redis, prefix }: { readonly redis: RedisConnection; readonly prefix: string },
): WriteReply {
  const { task, progress: wantsProgress } = taskPayloadSchema.safeParse(data).data ?? {};
  if (task === undefined) return writeReply;
  return async (gatewayId, reply) => {
    const { kind, callId } = reply;
    const mayBeTask = Date.now() >= task.dueAt - headStartMs;
    if (kind === "progress") {
      if (mayBeTask) await noteTaskProgress(redis, prefix, task.id, reply.progress);
      return wantsProgress === true ? writeReply(gatewayId, reply) : true;
    }
    if (mayBeTask && kind === "done") {
      await settleTask(redis, prefix, { taskId: task.id, callId }, { ok: true, value: reply.json });
    } else if (mayBeTask && kind === "failed") {
      await settleTask(redis, prefix, { taskId: task.id, callId }, { ok: false, failure: reply.failure });
    }
    return writeReply(gatewayId, reply);
  };
}
