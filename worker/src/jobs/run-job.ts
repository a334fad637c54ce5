import { failureTable } from "@sap-mcp/shared/failure.ts";
import { jobPayloadSchema } from "@sap-mcp/shared/job-payload.ts";
import type { JobPayload } from "@sap-mcp/shared/job-payload.ts";
import { writeClaimKey } from "@sap-mcp/shared/keys.ts";
import type { Logger } from "@sap-mcp/shared/logger.ts";
import { fail } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { RedisConnection } from "@sap-mcp/shared/redis-connection.ts";
import type { Cancellations } from "./cancellations.ts";
import type { JobHandler } from "./job-handler.ts";
import type { WriteReply } from "./reply-writer.ts";

const claimLifetimeS = 86_400;

export interface JobRunnerOptions {
  readonly handlers: ReadonlyMap<string, JobHandler>;
  readonly redis: RedisConnection;
  readonly prefix: string;
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
async function decide(
  job: QueuedJob,
  payload: JobPayload,
  signal: AbortSignal,
  options: JobRunnerOptions,
): Promise<Outcome<Buffer> | "withdrawn"> {
  if (options.cancellations.has(job.id)) return "withdrawn";
  const remainingMs = payload.expiresAt - Date.now();
  if (remainingMs <= 0)
    return fail("deadline", "The call waited in the queue until its deadline; nothing was executed.");
  const handler = options.handlers.get(job.name);
  if (handler === undefined)
    return fail("internal", `No worker knows the job ${job.name}; a newer version may be rolling out.`);
  const input = handler.contract.input.safeParse(payload.input);
  if (!input.success) return fail("invalid-input", input.error.message);
  const isWrite = handler.contract.effect(input.data) === "write";
  if (isWrite) {
    const claim = await claimWrite(job.id, options);
    if (claim === "withdrawn") return "withdrawn";
    if (claim === "begun") {
      return fail("outcome-unknown", "The worker that executed this write was lost before it could answer.", {
        guidance: "Read the entity to see whether SAP executed it before you try again.",
      });
    }
  }
  if (payload.progress) await options.writeReply(payload.replyTo, { kind: "started", callId: job.id });
  const deadline = AbortSignal.timeout(remainingMs);
  try {
    const outcome = await handler.run(input.data, {
      caller: payload.caller,
      signal: AbortSignal.any([signal, deadline]),
      correlationId: payload.correlationId,
      traceparent: payload.traceparent,
      log: options.log,
      report: async (progress) => {
        if (payload.progress) await options.writeReply(payload.replyTo, { kind: "progress", callId: job.id, progress });
      },
    });
    return outcome.ok ? serialize(outcome.value, options.maxResultBytes) : outcome;
  } catch (error) {
    if (signal.aborted || deadline.aborted) return breakOff(isWrite, signal.aborted);
    options.log.error({ err: error, job: job.name, call_id: job.id }, "job handler failed");
    return fail("internal", "The worker failed on this call.", {
      guidance: `Tell an administrator the correlation id ${payload.correlationId}.`,
    });
  }
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

/** Whoever claims a write first decides over it: a worker to begin it, the gateway to withdraw it. */
async function claimWrite(
  callId: string,
  { redis, prefix }: JobRunnerOptions,
): Promise<"claimed" | "begun" | "withdrawn"> {
  const key = writeClaimKey(prefix, callId);
  const claimed = await redis.set(key, "begun", "EX", claimLifetimeS, "NX");
  if (claimed === "OK") return "claimed";
  return (await redis.get(key)) === "withdrawn" ? "withdrawn" : "begun";
}

function serialize(value: unknown, maxBytes: number): Outcome<Buffer> {
  const json = Buffer.from(JSON.stringify(value));
  if (json.length <= maxBytes) return { ok: true, value: json };
  return fail("too-large", `The result has ${json.length} bytes; ${maxBytes} are possible.`, {
    guidance: "Ask for fewer rows ($top), fewer fields ($select) or a narrower $filter.",
  });
}
