import { randomUUID } from "node:crypto";
import type { Caller } from "@sap-mcp/shared/caller.ts";
import type { InputOf, JobContract } from "@sap-mcp/shared/contracts/define-job.ts";
import type { JobPayload } from "@sap-mcp/shared/job-payload.ts";
import { cancelChannel, writeClaimKey } from "@sap-mcp/shared/keys.ts";
import type { Logger } from "@sap-mcp/shared/logger.ts";
import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { RedisConnection } from "@sap-mcp/shared/redis-connection.ts";
import type { Progress, Reply } from "@sap-mcp/shared/reply.ts";
import type { JobsOptions, Queue } from "bullmq";
import type { CallQueues } from "./call-queues.ts";

export interface Call<C extends JobContract> {
  readonly contract: C;
  readonly input: InputOf<C>;
  readonly destination: string;
  readonly caller: Caller;
  readonly correlationId: string;
  readonly traceparent?: string | undefined;
  /** Time within which the call is answered or fails, in ms. */
  readonly timeoutMs: number;
  /** Fires when the caller no longer wants the answer; what happens after the answer changes nothing. */
  readonly signal: AbortSignal;
  /** Given only when somebody listens: it costs an entry in Redis for the start and for each step. */
  readonly onProgress?: ((progress: Progress | "started") => void) | undefined;
}

/** What the call client needs of the process. */
export interface CallClientOptions {
  readonly gatewayId: string;
  readonly queues: CallQueues;
  readonly commands: RedisConnection;
  readonly prefix: string;
  readonly log: Logger;
}

interface WaitingCall {
  readonly queue: Queue;
  readonly isWrite: boolean;
  readonly name: string;
  readonly payload: JobPayload;
  readonly options: JobsOptions;
  readonly onProgress: Call<JobContract>["onProgress"];
  readonly settle: (outcome: Outcome<Buffer>) => void;
}

/** Longest wait for taking a call back, in ms. */
const takeBackMs = 1_000;

/** Completed writes are kept, so that adding one again after a lost connection finds it and does nothing. */
const keepWrites: JobsOptions = { removeOnComplete: { age: 900, count: 20_000 } };
/** Reads may run twice, so they are not kept: a fifth less CPU. */
const dropReads: JobsOptions = { removeOnComplete: true };

/**
 * Puts calls on the queue and waits for their answers. Each call gets one answer: the first of the worker's reply,
 * the deadline, and the caller going away.
 */
export class CallClient {
  readonly #options: CallClientOptions;
  readonly #waiting = new Map<string, WaitingCall>();

  constructor(options: CallClientOptions) {
    this.#options = options;
  }

  /** Calls that wait for an answer. */
  get outstanding(): number {
    return this.#waiting.size;
  }

  /** The result as the worker wrote it (JSON), or the failure. Never rejects for expected reasons. */
  async call<C extends JobContract>(call: Call<C>): Promise<Outcome<Buffer>> {
    const queue = this.#options.queues.get(call.destination);
    if (queue === undefined) throw new Error(`no queue for destination ${call.destination}`);
    if (call.signal.aborted) return cancelled();
    if (this.#options.commands.status !== "ready") return queueUnavailable();

    const callId = randomUUID();
    const isWrite = call.contract.effect(call.input) === "write";
    const { promise, resolve } = Promise.withResolvers<Outcome<Buffer>>();
    const waiting: WaitingCall = {
      queue,
      isWrite,
      name: call.contract.name,
      payload: {
        input: call.input,
        caller: call.caller,
        replyTo: this.#options.gatewayId,
        expiresAt: Date.now() + call.timeoutMs,
        progress: call.onProgress !== undefined,
        correlationId: call.correlationId,
        ...(call.traceparent !== undefined && { traceparent: call.traceparent }),
      },
      options: { jobId: callId, ...(isWrite ? keepWrites : dropReads) },
      onProgress: call.onProgress,
      settle: resolve,
    };
    this.#waiting.set(callId, waiting);
    const deadline = setTimeout(() => void this.#expire(callId, call.timeoutMs), call.timeoutMs);
    const abandon = () => void this.#cancel(callId);
    call.signal.addEventListener("abort", abandon, { once: true });
    try {
      void this.#add(callId, waiting);
      return await promise;
    } finally {
      clearTimeout(deadline);
      call.signal.removeEventListener("abort", abandon);
      this.#waiting.delete(callId);
    }
  }

  /** Takes a worker's reply; a second answer to the same call finds nobody waiting. */
  receive(reply: Reply): void {
    const waiting = this.#waiting.get(reply.callId);
    if (waiting === undefined) return;
    if (reply.kind === "started") waiting.onProgress?.("started");
    else if (reply.kind === "progress") waiting.onProgress?.(reply.progress);
    else if (reply.kind === "failed") waiting.settle({ ok: false, failure: reply.failure });
    else waiting.settle(succeed(reply.json));
  }

  /**
   * Adds every outstanding call again under its own id, for use after Redis was away: what Redis still has it
   * ignores, what it lost runs.
   */
  addAgain(): void {
    const calls = [...this.#waiting];
    if (calls.length > 0) this.#options.log.warn({ calls: calls.length }, "adding outstanding calls again");
    for (const [callId, waiting] of calls) void this.#add(callId, waiting);
  }

  /** While Redis is away the queue keeps what is added and sends it later, so only a refusal of Redis ends the call. */
  async #add(callId: string, waiting: WaitingCall): Promise<void> {
    try {
      await waiting.queue.add(waiting.name, waiting.payload, waiting.options);
    } catch (error) {
      this.#options.log.error({ err: error, call_id: callId }, "a call could not be queued");
      waiting.settle(queueUnavailable());
    }
  }

  async #expire(callId: string, timeoutMs: number): Promise<void> {
    const waiting = this.#waiting.get(callId);
    if (waiting === undefined) return;
    const neverBegun = await this.#takeBack(callId, waiting);
    if (waiting.isWrite && !neverBegun) {
      waiting.settle(
        fail("outcome-unknown", `The write was not answered within ${timeoutMs} ms.`, {
          guidance: "Read the entity to see whether SAP executed it before you try again.",
        }),
      );
      return;
    }
    waiting.settle(
      fail("deadline", `The call was not answered within ${timeoutMs} ms${neverBegun ? "; no worker was free" : ""}.`, {
        guidance: neverBegun ? "Nothing was executed. Try again in a moment." : "Narrow the request or try again.",
      }),
    );
  }

  async #cancel(callId: string): Promise<void> {
    const waiting = this.#waiting.get(callId);
    if (waiting === undefined) return;
    waiting.settle(cancelled());
    await this.#takeBack(callId, waiting);
  }

  /** Takes a job from the queue, or tells the worker that runs it to stop. True if it never ran and never will. */
  async #takeBack(callId: string, { queue, isWrite }: WaitingCall): Promise<boolean> {
    const { commands, prefix, log } = this.#options;
    if (commands.status !== "ready") return false;
    try {
      // Whoever claims a write decides: with the claim here, no worker can begin it any more.
      const claimed =
        isWrite && (await commands.set(writeClaimKey(prefix, callId), "withdrawn", "EX", 86_400, "NX")) === "OK";
      const removed = (await within(takeBackMs, queue.remove(callId))) === 1;
      if (claimed || (removed && !isWrite)) return true;
      await commands.publish(cancelChannel(prefix), callId);
    } catch (error) {
      log.warn({ err: error, call_id: callId }, "a call could not be taken back");
    }
    return false;
  }
}

/** Bounds a wait on the queue, which itself waits for as long as Redis is away. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${ms} ms`)), ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function cancelled(): Outcome<Buffer> {
  return fail("cancelled", "The call was cancelled by its caller.");
}

function queueUnavailable(): Outcome<Buffer> {
  return fail("queue-unavailable", "The queue is not available at the moment; nothing was executed.", {
    guidance: "Try again in a few seconds.",
    retryAfterMs: 1_000,
  });
}
