import { allJobs } from "@sap-mcp/shared/contracts/all-jobs.ts";
import { queueNameOf } from "@sap-mcp/shared/keys.ts";
import type { Logger } from "@sap-mcp/shared/logger.ts";
import type { RedisConnection } from "@sap-mcp/shared/redis-connection.ts";
import { Worker } from "bullmq";
import { listenForCancellations } from "./cancellations.ts";
import { openFleetLimits } from "./fleet-limits.ts";
import type { FleetLimitsOptions } from "./fleet-limits.ts";
import type { JobHandler } from "./job-handler.ts";
import { ReadFlights } from "./read-flights.ts";
import { recordTask } from "./record-task.ts";
import { createReplyWriter } from "./reply-writer.ts";
import type { WriteReply } from "./reply-writer.ts";
import { runJob } from "./run-job.ts";
import type { JobRunnerOptions } from "./run-job.ts";
import { handBackReason, runOrHandBack } from "./run-or-hand-back.ts";
import { createWriteClaims } from "./write-claims.ts";

export interface JobWorkersOptions {
  /** Waits while Redis is away; shared by all queues. */
  readonly connection: RedisConnection;
  readonly subscriber: RedisConnection;
  readonly prefix: string;
  readonly destinations: readonly string[];
  readonly handlers: readonly JobHandler[];
  readonly concurrency: number;
  readonly maxResultBytes: number;
  /** Time for which the result of a write is kept for a repeat, in seconds. */
  readonly idempotencyTtlS: number;
  /** How often a read is tried, within its deadline. */
  readonly readAttempts: number;
  /** What the whole fleet may ask of each destination; as much as its workers can when absent. */
  readonly limits?: Pick<FleetLimitsOptions, "limits" | "allowWrites">;
  /** Time that running jobs have to finish when the worker closes, in ms; then reads are handed back. */
  readonly graceMs: number;
  /** Waits for `start` before it takes a job. */
  readonly idle?: boolean;
  readonly log: Logger;
}

export interface JobWorkers {
  /** Takes jobs from now on, for workers that were opened idle. */
  readonly start: () => void;
}

/**
 * Consumes both queues of each destination, from when their limits are set. Closing takes no further job and lets those
 * that run finish and answer; what still runs after the grace is stopped: a read goes back to the queue, a write is
 * answered.
 */
export function openJobWorkers(stack: AsyncDisposableStack, options: JobWorkersOptions): JobWorkers {
  const { connection, prefix, log } = options;
  const handlers = new Map(options.handlers.map((handler) => [handler.contract.name, handler]));
  const missing = allJobs.filter((contract) => !handlers.has(contract.name)).map((contract) => contract.name);
  if (missing.length > 0) throw new Error(`no handler for ${missing.join(", ")}`);

  const workers: Worker[] = [];
  const runner: JobRunnerOptions = {
    handlers,
    redis: connection,
    prefix,
    claims: createWriteClaims({ redis: connection, prefix, ttlS: options.idempotencyTtlS }),
    flights: new ReadFlights(),
    readAttempts: options.readAttempts,
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
    workers.push(openWorker(queueNameOf(destination, "read"), options, runner));
    workers.push(openWorker(queueNameOf(destination, "write"), options, runner));
  }
  stack.defer(async () => {
    const stop = () => workers.forEach((worker) => worker.cancelAllJobs(handBackReason));
    const late = setTimeout(stop, options.graceMs);
    await Promise.all(workers.map((worker) => worker.close()));
    clearTimeout(late);
  });
  const limited =
    options.limits === undefined ? Promise.resolve() : openFleetLimits(stack, { ...options, ...options.limits });
  const start = () => {
    const run = (worker: Worker) => worker.run().catch((error: unknown) => log.error({ err: error }, "a worker ended"));
    void limited.then(() => workers.filter((worker) => worker.closing === undefined).map(run));
  };
  if (options.idle !== true) start();
  return { start };
}

function openWorker(queue: string, options: JobWorkersOptions, runner: JobRunnerOptions): Worker {
  const { connection, prefix, log } = options;
  const parkingWriter = createReplyWriter(connection, prefix, true);
  const worker = new Worker(
    queue,
    // BullMQ hands the signal over only to a processor that declares all three parameters.
    async (job, token, signal) => {
      const { id, name, timestamp } = job;
      const data = job.data as unknown;
      if (id === undefined || signal === undefined) throw new Error("BullMQ gave a job without id or signal");
      const writeReply = recordTask(fetchesParked(data) ? parkingWriter : runner.writeReply, data, runner);
      const work = (write: WriteReply) =>
        runJob({ id, name, data, queuedAt: timestamp }, signal, { ...runner, writeReply: write });
      await runOrHandBack(job, { token, signal, handlers: runner.handlers, writeReply, work });
    },
    {
      connection,
      prefix,
      autorun: false,
      concurrency: options.concurrency,
      // A killed worker's jobs are picked up when their lock has run out and the next look is due: within 15 s (seen: 11 to 13.4).
      lockDuration: 10_000,
      stalledInterval: 3_000,
      maxStalledCount: 1,
      runRetryDelay: 1_000,
    },
  );
  worker.on("error", (error) => log.warn({ err: error, queue }, "queue connection failed"));
  worker.on("failed", (job, error) => {
    log.error({ err: error, queue, call_id: job?.id }, "job failed");
    if (job !== undefined) void answerLostJob(job.id, job.data, runner);
  });
  return worker;
}

function fetchesParked(data: unknown): boolean {
  return typeof data === "object" && data !== null && "fetchesParked" in data && data.fetchesParked === true;
}

/** A job that stalled too often, or whose answer could not be written, still gets one if that is possible. */
async function answerLostJob(callId: string | undefined, data: unknown, runner: JobRunnerOptions): Promise<void> {
  const replyTo = typeof data === "object" && data !== null && "replyTo" in data ? data.replyTo : undefined;
  if (callId === undefined || typeof replyTo !== "string") return;
  try {
    const failure = { kind: "worker-lost", message: "The workers that ran this call were lost." } as const;
    await recordTask(runner.writeReply, data, runner)(replyTo, { kind: "failed", callId, failure });
  } catch (error) {
    runner.log.warn({ err: error, call_id: callId }, "a lost job could not be answered");
  }
}
