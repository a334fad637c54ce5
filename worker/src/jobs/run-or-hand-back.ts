import { DelayedError } from "bullmq";
import type { Job } from "bullmq";
import type { JobHandler } from "./job-handler.ts";
import type { WriteReply } from "./reply-writer.ts";

/** Why a running job is stopped whose worker closes. */
export const handBackReason = "handed back";

export interface HandBackOptions {
  readonly token: string | undefined;
  readonly signal: AbortSignal;
  readonly handlers: ReadonlyMap<string, JobHandler>;
  readonly writeReply: WriteReply;
  readonly work: (writeReply: WriteReply) => Promise<void>;
}

/**
 * Runs a job. A read that fails because its worker closes is not answered but goes back to the queue, where another
 * worker takes it at once; a write is answered, since it must not begin again.
 * @throws DelayedError, by which BullMQ knows that the job was moved.
 */
export async function runOrHandBack(job: Job, options: HandBackOptions): Promise<void> {
  const { token, signal, writeReply } = options;
  let isUnfinished = false;
  await options.work((gatewayId, reply) => {
    if (reply.kind !== "failed" || signal.reason !== handBackReason || !isRead(job, options.handlers)) {
      return writeReply(gatewayId, reply);
    }
    isUnfinished = true;
    return Promise.resolve(false);
  });
  if (!isUnfinished) return;
  // As delayed by nothing: unlike moveToWait, that wakes idle workers for jobs with a priority too.
  await job.moveToDelayed(Date.now(), token);
  throw new DelayedError();
}

function isRead(job: Job, handlers: ReadonlyMap<string, JobHandler>): boolean {
  const contract = handlers.get(job.name)?.contract;
  const input = contract?.input.safeParse((job.data as { readonly input?: unknown }).input);
  return input?.success === true && contract?.effect(input.data) === "read";
}
