import { failureSchema } from "./failure.ts";
import { taskChannel, taskKey } from "./keys.ts";
import type { Outcome } from "./outcome.ts";
import type { RedisConnection } from "./redis-connection.ts";
import type { Progress } from "./reply.ts";

/** A call that runs for a task; a task whose questions were answered goes on with a further call. */
export interface TaskCall {
  readonly taskId: string;
  readonly callId: string;
}

/** Life of an outcome whose task its gateway has not recorded yet, in ms. */
const unclaimedMs = 60_000;

const settle = `
if redis.call("hsetnx", KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
redis.call("hset", KEYS[1], "updatedAt", ARGV[3])
if redis.call("pttl", KEYS[1]) < 0 then redis.call("pexpire", KEYS[1], ARGV[4]) end
redis.call("publish", ARGV[5], "settled")
return 1`;

const note = `
if redis.call("exists", KEYS[1]) == 0 then return 0 end
redis.call("hset", KEYS[1], "message", ARGV[1], "updatedAt", ARGV[2])
redis.call("publish", ARGV[3], "noted")
return 1`;

/** Keeps how a task's call ended; what was kept first stays. Works also just before its gateway has recorded the task. */
export async function settleTask(
  redis: RedisConnection,
  prefix: string,
  { taskId, callId }: TaskCall,
  outcome: Outcome<Buffer>,
): Promise<void> {
  const facts = [outcomeField(callId), encodeOutcome(outcome), Date.now(), unclaimedMs, taskChannel(prefix, taskId)];
  await redis.eval(settle, 1, taskKey(prefix, taskId), ...facts);
}

/** Says in the task how far its call has come; does nothing for a call that is no task (yet). */
export async function noteTaskProgress(
  redis: RedisConnection,
  prefix: string,
  taskId: string,
  progress: Progress,
): Promise<void> {
  const { message, progress: done, total } = progress;
  const words = message ?? (total === undefined ? `${done} done` : `${done} of ${total} done`);
  await redis.eval(note, 1, taskKey(prefix, taskId), words, Date.now(), taskChannel(prefix, taskId));
}

/** The field of a task's hash that holds the outcome of one of its calls. */
export function outcomeField(callId: string): string {
  return `outcome:${callId}`;
}

/** The outcome in a field that `settleTask` has written. */
export function decodeOutcome(field: Buffer): Outcome<Buffer> {
  const body = field.subarray(1);
  if (field[0] === "+".charCodeAt(0)) return { ok: true, value: body };
  return { ok: false, failure: failureSchema.parse(JSON.parse(body.toString())) };
}

/** A sign, and then the result as the worker wrote it or the failure as JSON. */
function encodeOutcome(outcome: Outcome<Buffer>): Buffer {
  return outcome.ok
    ? Buffer.concat([Buffer.from("+"), outcome.value])
    : Buffer.from(`-${JSON.stringify(outcome.failure)}`);
}
