import { allJobs } from "@sap-mcp/shared/contracts/all-jobs.ts";
import { queueNameOf } from "@sap-mcp/shared/keys.ts";
import type { Logger } from "@sap-mcp/shared/logger.ts";
import type { RedisConnection } from "@sap-mcp/shared/redis-connection.ts";
import { Worker } from "bullmq";
import { listenForCancellations } from "./cancellations.ts";
import type { JobHandler } from "./job-handler.ts";
import { createReplyWriter } from "./reply-writer.ts";
import { runJob } from "./run-job.ts";
import type { JobRunnerOptions } from "./run-job.ts";

export interface JobWorkersOptions {
  /** Waits while Redis is away; shared by all queues. */
  readonly connection: RedisConnection;
  readonly subscriber: RedisConnection;
  readonly prefix: string;
  readonly destinations: readonly string[];
  readonly handlers: readonly JobHandler[];
  readonly concurrency: number;
  readonly maxResultBytes: number;
  readonly log: Logger;
}

/** Consumes the queue of each destination. Closing lets running jobs finish and answer. */
export function openJobWorkers(stack: AsyncDisposableStack, options: JobWorkersOptions): void {
  const { connection, prefix, log } = options;
  const handlers = new Map(options.handlers.map((handler) => [handler.contract.name, handler]));
  const missing = allJobs.filter((contract) => !handlers.has(contract.name)).map((contract) => contract.name);
  if (missing.length > 0) throw new Error(`no handler for ${missing.join(", ")}`);

  const workers: Worker[] = [];
  const runner: JobRunnerOptions = {
    handlers,
    redis: connection,
    prefix,
    writeReply: createReplyWriter(connection, prefix),
    cancellations: listenForCancellations({
      subscriber: options.subscriber,
      prefix,
      stop: (callId) => workers.forEach((worker) => worker.cancelJob(callId, "cancelled")),
      log,
    }),
    maxResultBytes: options.maxResultBytes,
    log,
  };
  for (const destination of options.destinations) {
    const worker = openWorker(destination, options, runner);
    workers.push(worker);
    stack.defer(() => worker.close());
  }
}

function openWorker(destination: string, options: JobWorkersOptions, runner: JobRunnerOptions): Worker {
  const { connection, prefix, log } = options;
  const worker = new Worker(
    queueNameOf(destination),
    // BullMQ hands the signal over only to a processor that declares all three parameters.
    async (job, _token, signal) => {
      const { id, name, data, timestamp } = job;
      if (id === undefined || signal === undefined) throw new Error("BullMQ gave a job without id or signal");
      await runJob({ id, name, data: data as unknown, queuedAt: timestamp }, signal, runner);
    },
    {
      connection,
      prefix,
      concurrency: options.concurrency,
      // A killed worker's jobs are picked up after at most 15 s (measured: 12.9).
      lockDuration: 10_000,
      stalledInterval: 5_000,
      maxStalledCount: 1,
      runRetryDelay: 1_000,
    },
  );
  worker.on("error", (error) => log.warn({ err: error, destination }, "queue connection failed"));
  worker.on("failed", (job, error) => {
    log.error({ err: error, destination, call_id: job?.id }, "job failed");
    if (job !== undefined) void answerLostJob(job.id, job.data, runner);
  });
  return worker;
}

/** A job that stalled too often, or whose answer could not be written, still gets one if that is possible. */
async function answerLostJob(
  callId: string | undefined,
  data: unknown,
  { writeReply, log }: JobRunnerOptions,
): Promise<void> {
  const replyTo = typeof data === "object" && data !== null && "replyTo" in data ? data.replyTo : undefined;
  if (callId === undefined || typeof replyTo !== "string") return;
  try {
    const failure = { kind: "worker-lost", message: "The workers that ran this call were lost." } as const;
    await writeReply(replyTo, { kind: "failed", callId, failure });
  } catch (error) {
    log.warn({ err: error, call_id: callId }, "a lost job could not be answered");
  }
}
