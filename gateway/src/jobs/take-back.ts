import { cancelChannel, replyStreamKey, writeClaimKey } from "@sap-mcp/shared/keys.ts";
import type { Logger } from "@sap-mcp/shared/logger.ts";
import type { RedisConnection } from "@sap-mcp/shared/redis-connection.ts";
import { encodeReply } from "@sap-mcp/shared/reply.ts";
import type { Queue } from "bullmq";
import type { CallQueues } from "./call-queues.ts";

export interface TakeBackOptions {
  readonly commands: RedisConnection;
  readonly prefix: string;
  readonly log: Logger;
}

/** What any gateway needs to take a call back that another one waits for. */
export interface CallTrace {
  readonly destination: string;
  readonly isWrite: boolean;
  /** The key under which a write can be repeated and is executed once. */
  readonly idempotencyKey?: string | undefined;
  /** When its gateway stops waiting, in ms since 1970. */
  readonly expiresAt: number;
  /** Id of the gateway that waits. */
  readonly replyTo: string;
}

/** Longest wait for taking a call back, in ms. */
const takeBackMs = 1_000;

/** Takes a job from the queue, or tells the worker that runs it to stop. True if it never ran and never will. */
export async function takeBack(
  callId: string,
  { queue, isWrite }: { readonly queue: Queue; readonly isWrite: boolean },
  { commands, prefix, log }: TakeBackOptions,
): Promise<boolean> {
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

/** Takes back a call that any gateway waits for. True if that ends it; a write that has begun decides for itself. */
export async function withdraw(
  callId: string,
  { destination, isWrite, replyTo }: CallTrace,
  options: TakeBackOptions & { readonly queues: CallQueues },
): Promise<boolean> {
  const queue = options.queues.get(destination)?.[isWrite ? "write" : "read"];
  if (queue === undefined) return false;
  const neverBegun = await takeBack(callId, { queue, isWrite }, options);
  if (isWrite && !neverBegun) return false;
  // The gateway that waits hears of it as of any answer.
  const failure = { kind: "cancelled", message: "The call was cancelled by its caller." } as const;
  const reply = encodeReply({ kind: "failed", callId, failure });
  await options.commands.xadd(replyStreamKey(options.prefix, replyTo), "NOMKSTREAM", "*", ...reply);
  return true;
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
