import { principalOf } from "@sap-mcp/shared/caller.ts";
import { failureTable } from "@sap-mcp/shared/failure.ts";
import { jobPayloadSchema } from "@sap-mcp/shared/job-payload.ts";
import type { JobPayload } from "@sap-mcp/shared/job-payload.ts";
import type { Logger } from "@sap-mcp/shared/logger.ts";
import { fail } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { RedisConnection } from "@sap-mcp/shared/redis-connection.ts";
import type { Cancellations } from "./cancellations.ts";
import type { JobHandler } from "./job-handler.ts";
import type { ReadFlights } from "./read-flights.ts";
import type { WriteReply } from "./reply-writer.ts";
import { retryRead } from "./retry-read.ts";
import type { WriteClaims } from "./write-claims.ts";

export interface JobRunnerOptions {
  readonly handlers: ReadonlyMap<string, JobHandler>;
  readonly redis: RedisConnection;
  readonly prefix: string;
  readonly claims: WriteClaims;
  readonly flights: ReadFlights;
  /** How often a read is tried, within its deadline. */
  readonly readAttempts: number;
  readonly writeReply: WriteReply;
  readonly cancellations: Cancellations;
  /** Longest result that is sent, in bytes. */
  readonly maxResultBytes: number;
  readonly log: Logger;
}

export interface QueuedJob {
  readonly id: string;
  readonly name: string;
  readonly data: unknown;
  /** When the call was queued, in ms since 1970. */
  readonly queuedAt: number;
}

/** Runs one job and answers its gateway. Rejects only when the answer can't be written. */
export async function runJob(job: QueuedJob, signal: AbortSignal, options: JobRunnerOptions): Promise<void> {
  const startedAt = Date.now();
  const payload = jobPayloadSchema.parse(job.data);
  const outcome = await decide(job, payload, signal, options);
  if (outcome === "withdrawn") return;
  const answered = outcome.ok
    ? await options.writeReply(payload.replyTo, { kind: "done", callId: job.id, json: outcome.value })
    : await options.writeReply(payload.replyTo, { kind: "failed", callId: job.id, failure: outcome.failure });
  const facts = {
    job: job.name,
    call_id: job.id,
    correlation_id: payload.correlationId,
    tenant_id: payload.caller.tenant,
    outcome: outcome.ok ? "ok" : outcome.failure.kind,
    waited_ms: startedAt - job.queuedAt,
    duration_ms: Date.now() - startedAt,
    answered,
  };
  options.log[outcome.ok ? "info" : failureTable[outcome.failure.kind].logLevel](facts, "job finished");
}

/** `withdrawn` where nobody waits for an answer any more. */
type Decision = Outcome<Buffer> | "withdrawn";

async function decide(
  job: QueuedJob,
  payload: JobPayload,
  signal: AbortSignal,
  options: JobRunnerOptions,
): Promise<Decision> {
  if (options.cancellations.has(job.id)) return "withdrawn";
  const handler = options.handlers.get(job.name);
  if (handler === undefined)
    return fail("internal", `No worker knows the job ${job.name}; a newer version may be rolling out.`);
  const input = handler.contract.input.safeParse(payload.input);
  if (!input.success) return fail("invalid-input", input.error.message);
  const isWrite = handler.contract.effect(input.data) === "write";
  const deadline = AbortSignal.timeout(Math.max(0, payload.expiresAt - Date.now()));
  const work: Work = { job, payload, handler, input: input.data, signal: AbortSignal.any([signal, deadline]) };
  try {
    return await (isWrite ? runWrite(work, options) : runRead(work, options));
  } catch (error) {
    if (work.signal.aborted) return breakOff(isWrite, signal.aborted);
    options.log.error({ err: error, job: job.name, call_id: job.id }, "job handler failed");
    return failInternal(payload);
  }
}

/** A job whose input its contract has parsed. */
interface Work {
  readonly job: QueuedJob;
  readonly payload: JobPayload;
  readonly handler: JobHandler;
  readonly input: unknown;
  /** Fires when the call is cancelled or its deadline passes. */
  readonly signal: AbortSignal;
}

/** Tries a read until its deadline; calls that want the same at the same time share one. */
async function runRead(work: Work, options: JobRunnerOptions): Promise<Decision> {
  const { job, payload, input, signal } = work;
  const { expiresAt, caller } = payload;
  if (Date.now() >= expiresAt) return expired();
  const read = (stop: AbortSignal) =>
    retryRead(() => handle({ ...work, signal: stop }, options), {
      attempts: options.readAttempts,
      expiresAt,
      signal: stop,
    });
  await tellStart(work, options);
  if (wantsProgress(payload)) return read(signal);
  return options.flights.share(
    { key: JSON.stringify([job.name, caller, input]), queuedAt: job.queuedAt, signal },
    read,
  );
}

/** Executes a write unless it was executed before; what becomes of it is kept for every repeat. */
async function runWrite(work: Work, options: JobRunnerOptions): Promise<Decision> {
  const { job, payload, input, signal } = work;
  const order = {
    callId: job.id,
    principal: principalOf(payload.caller),
    idempotencyKey: payload.idempotencyKey,
    name: job.name,
    input,
    expiresAt: payload.expiresAt,
  };
  const claim = await options.claims.claim(order, signal);
  if (claim.kind === "withdrawn") return "withdrawn";
  if (claim.kind === "decided") return claim.outcome;
  const { hold } = claim;
  if (Date.now() >= payload.expiresAt) {
    await hold.release();
    return expired();
  }
  await tellStart(work, options);
  const outcome = await handleWrite(work, options);
  const isUntouched = !outcome.ok && failureTable[outcome.failure.kind].untouched;
  try {
    await (isUntouched ? hold.release() : hold.keep(outcome));
  } catch (error) {
    // The caller gets its answer all the same; a repeat hears that the outcome is unknown.
    options.log.error({ err: error, job: job.name, call_id: job.id }, "the outcome of a write could not be kept");
  }
  return outcome;
}

/** However its handler ends, a write that may have begun in SAP never counts as one that did not. */
async function handleWrite(work: Work, options: JobRunnerOptions): Promise<Outcome<Buffer>> {
  try {
    const outcome = await handle(work, options);
    const isBroken = !outcome.ok && (outcome.failure.kind === "deadline" || outcome.failure.kind === "cancelled");
    return isBroken ? breakOff(true, false) : outcome;
  } catch (error) {
    if (work.signal.aborted) return breakOff(true, false);
    options.log.error({ err: error, job: work.job.name, call_id: work.job.id }, "job handler failed");
    return failInternal(work.payload);
  }
}

async function handle(work: Work, options: JobRunnerOptions): Promise<Outcome<Buffer>> {
  const { job, payload, handler, input, signal } = work;
  const outcome = await handler.run(input, {
    caller: payload.caller,
    signal,
    correlationId: payload.correlationId,
    traceparent: payload.traceparent,
    log: options.log,
    report: async (progress) => {
      if (wantsProgress(payload))
        await options.writeReply(payload.replyTo, { kind: "progress", callId: job.id, progress });
    },
  });
  return outcome.ok ? serialize(outcome.value, options.maxResultBytes) : outcome;
}

function wantsProgress({ progress, task }: JobPayload): boolean {
  return progress || task !== undefined;
}

async function tellStart({ job, payload }: Work, { writeReply }: JobRunnerOptions): Promise<void> {
  if (payload.progress) await writeReply(payload.replyTo, { kind: "started", callId: job.id });
}

function expired(): Outcome<never> {
  return fail("deadline", "The call waited in the queue until its deadline; nothing was executed.");
}

function failInternal({ correlationId }: JobPayload): Outcome<never> {
  return fail("internal", "The worker failed on this call.", {
    guidance: `Tell an administrator the correlation id ${correlationId}.`,
  });
}

/** How a call ends whose handler stopped because its signal fired. */
function breakOff(isWrite: boolean, isCancelled: boolean): Outcome<never> {
  if (isWrite) {
    return fail("outcome-unknown", "The write was broken off while it ran.", {
      guidance: "Read the entity to see whether SAP executed it before you try again.",
    });
  }
  if (isCancelled) return fail("cancelled", "The call was cancelled by its caller.");
  return fail("deadline", "The call was not finished by its deadline.", {
    guidance: "Narrow the request or try again.",
  });
}

function serialize(value: unknown, maxBytes: number): Outcome<Buffer> {
  const json = Buffer.from(JSON.stringify(value));
  if (json.length <= maxBytes) return { ok: true, value: json };
  return fail("too-large", `The result has ${json.length} bytes; ${maxBytes} are possible.`, {
    guidance: "Ask for fewer rows ($top), fewer fields ($select) or a narrower $filter.",
  });
}
