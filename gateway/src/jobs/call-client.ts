import { randomUUID } from "node:crypto";
import { principalOf } from "@sap-mcp/shared/caller.ts";
import type { Caller } from "@sap-mcp/shared/caller.ts";
import type { InputOf, JobContract } from "@sap-mcp/shared/contracts/define-job.ts";
import type { JobPayload } from "@sap-mcp/shared/job-payload.ts";
import type { Logger } from "@sap-mcp/shared/logger.ts";
import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { RedisConnection } from "@sap-mcp/shared/redis-connection.ts";
import type { Progress, Reply } from "@sap-mcp/shared/reply.ts";
import type { JobsOptions, Queue } from "bullmq";
import { CallAdmission } from "./call-admission.ts";
import type { CallQueues } from "./call-queues.ts";
import { takeBack, withdraw } from "./take-back.ts";
import type { CallTrace } from "./take-back.ts";

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
  /** Id of the call; minted when absent. */
  readonly callId?: string | undefined;
  /** The caller's own id of a write, under which it is executed once; the call's id when absent. */
  readonly idempotencyKey?: string | undefined;
  /** What the call becomes if it takes longer; the worker then keeps its outcome in Redis too. */
  readonly task?: JobPayload["task"];
  /** Given only when somebody listens: it costs an entry in Redis for the start and for each step. */
  readonly onProgress?: ((progress: Progress | "started") => void) | undefined;
}

/** What the call client needs of the process. */
export interface CallClientOptions {
  readonly gatewayId: string;
  readonly queues: CallQueues;
  readonly commands: RedisConnection;
  readonly prefix: string;
  /** Calls that may wait for one destination before new ones are refused; any number when absent. */
  readonly maxBacklog?: number;
  readonly log: Logger;
}

interface WaitingCall {
  readonly destination: string;
  readonly queue: Queue;
  readonly isWrite: boolean;
  readonly name: string;
  readonly payload: JobPayload;
  readonly options: JobsOptions;
  readonly onProgress: Call<JobContract>["onProgress"];
  readonly settle: (outcome: Outcome<Buffer>) => void;
}

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
  readonly #admission: CallAdmission;

  constructor(options: CallClientOptions) {
    this.#options = options;
    this.#admission = new CallAdmission(options);
  }

  /** Calls that wait for an answer. */
  get outstanding(): number {
    return this.#waiting.size;
  }

  /** The result as the worker wrote it (JSON), or the failure. Never rejects for expected reasons. */
  async call<C extends JobContract>(call: Call<C>): Promise<Outcome<Buffer>> {
    const isWrite = call.contract.effect(call.input) === "write";
    const queue = this.#options.queues.get(call.destination)?.[isWrite ? "write" : "read"];
    if (queue === undefined) throw new Error(`no queue for destination ${call.destination}`);
    if (call.signal.aborted) return cancelled();
    if (this.#options.commands.status !== "ready") return queueUnavailable();
    const user = principalOf(call.caller);
    const entry = this.#admission.enter(queue, user);
    if (!entry.ok) return entry;

    const callId = call.callId ?? randomUUID();
    const { promise, resolve } = Promise.withResolvers<Outcome<Buffer>>();
    const waiting: WaitingCall = {
      destination: call.destination,
      queue,
      isWrite,
      name: call.contract.name,
      payload: {
        input: call.input,
        caller: call.caller,
        replyTo: this.#options.gatewayId,
        expiresAt: Date.now() + call.timeoutMs,
        progress: call.onProgress !== undefined,
        fetchesParked: true,
        ...(call.task !== undefined && { task: call.task }),
        ...(call.idempotencyKey !== undefined && { idempotencyKey: call.idempotencyKey }),
        correlationId: call.correlationId,
        ...(call.traceparent !== undefined && { traceparent: call.traceparent }),
      },
      options: { jobId: callId, priority: entry.value, ...(isWrite ? keepWrites : dropReads) },
      onProgress: call.onProgress,
      settle: resolve,
    };
    this.#waiting.set(callId, waiting);
    const deadline = setTimeout(() => void this.#expire(callId, `within ${call.timeoutMs} ms`), call.timeoutMs);
    const abandon = () => void this.#cancel(callId);
    call.signal.addEventListener("abort", abandon, { once: true });
    try {
      void this.#add(callId, waiting);
      return await promise;
    } finally {
      clearTimeout(deadline);
      call.signal.removeEventListener("abort", abandon);
      this.#waiting.delete(callId);
      this.#admission.leave(queue, user);
    }
  }

  /** Where a call is whose answer is waited for here. */
  traceOf(callId: string): CallTrace | undefined {
    const waiting = this.#waiting.get(callId);
    if (waiting === undefined) return undefined;
    const { destination, isWrite, payload } = waiting;
    const { expiresAt, replyTo, idempotencyKey = callId } = payload;
    return { destination, isWrite, expiresAt, replyTo, ...(isWrite && { idempotencyKey }) };
  }

  /** The trace of a call that is made here and now and does the same as another one. */
  traceLike(trace: CallTrace, timeoutMs: number): CallTrace {
    return { ...trace, expiresAt: Date.now() + timeoutMs, replyTo: this.#options.gatewayId };
  }

  /** Takes back a call that any gateway waits for. True if that ends it; a write that has begun decides for itself. */
  withdraw(callId: string, trace: CallTrace): Promise<boolean> {
    return withdraw(callId, trace, this.#options);
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

  /** Ends every outstanding call as its deadline would, for a gateway that has to stop. */
  async endAll(): Promise<void> {
    const ended = "before this server instance had to stop";
    const now = Date.now();
    // A call that has become a task goes on without its gateway.
    const ending = [...this.#waiting].filter(
      ([, { payload }]) => payload.task === undefined || now < payload.task.dueAt,
    );
    await Promise.all(ending.map(([callId]) => this.#expire(callId, ended)));
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

  async #expire(callId: string, limit: string): Promise<void> {
    const waiting = this.#waiting.get(callId);
    if (waiting === undefined) return;
    const neverBegun = await takeBack(callId, waiting, this.#options);
    if (waiting.isWrite && !neverBegun) {
      waiting.settle(
        fail("outcome-unknown", `The write was not answered ${limit}.`, {
          guidance: "Read the entity to see whether SAP executed it before you try again.",
        }),
      );
      return;
    }
    waiting.settle(
      fail("deadline", `The call was not answered ${limit}${neverBegun ? "; no worker was free" : ""}.`, {
        guidance: neverBegun ? "Nothing was executed. Try again in a moment." : "Narrow the request or try again.",
      }),
    );
  }

  async #cancel(callId: string): Promise<void> {
    const waiting = this.#waiting.get(callId);
    if (waiting === undefined) return;
    waiting.settle(cancelled());
    await takeBack(callId, waiting, this.#options);
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
