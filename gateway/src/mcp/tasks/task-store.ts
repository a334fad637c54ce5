import { taskChannel, taskKey } from "@sap-mcp/shared/keys.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { RedisConnection } from "@sap-mcp/shared/redis-connection.ts";
import { decodeOutcome, outcomeField, settleTask } from "@sap-mcp/shared/task-record.ts";
import { z } from "zod";

const taskCallSchema = z.object({
  callId: z.string(),
  /** Counts the calls of the task, from 1. */
  round: z.int(),
  trace: z.object({
    destination: z.string(),
    isWrite: z.boolean(),
    idempotencyKey: z.string().optional(),
    expiresAt: z.number(),
    replyTo: z.string(),
  }),
});
const originSchema = z.object({
  /** The principal that may see the task. */
  owner: z.string(),
  tool: z.string(),
  args: z.record(z.string(), z.unknown()),
  /** In ms since 1970. */
  createdAt: z.number(),
});

export interface TaskRecord extends z.output<typeof originSchema> {
  readonly id: string;
  /** The call that works for the task, or did so last. */
  readonly call: z.output<typeof taskCallSchema>;
  readonly updatedAt: number;
  readonly ttlMs: number;
  readonly message: string | undefined;
  readonly isCancelled: boolean;
  /** What the client answered, by the names under which it was asked. */
  readonly answers: Readonly<Record<string, unknown>>;
  /** How the call ended. */
  readonly outcome: Outcome<Buffer> | undefined;
}

export type NewTask = Pick<TaskRecord, "id" | "owner" | "tool" | "args" | "call">;

/** Tasks as all gateways see them. */
export interface TaskStore {
  /** Resolves when Redis has the task. */
  readonly create: (task: NewTask) => Promise<TaskRecord>;
  /** A task of this owner; what is another's does not exist. */
  readonly find: (id: string, owner: string) => Promise<TaskRecord | undefined>;
  /** Keeps how the task's call ended, unless its worker has done so. */
  readonly settle: (id: string, callId: string, outcome: Outcome<Buffer>) => Promise<void>;
  /** Ends a task as cancelled, or only notes that this is wanted; what has ended meanwhile stays as it is. */
  readonly cancel: (task: TaskRecord, how: "cancelled" | "wanted") => Promise<void>;
  readonly answer: (id: string, answers: Readonly<Record<string, unknown>>) => Promise<void>;
  /** Gives the task its next call. False if it has another one by now. */
  readonly nextRound: (task: TaskRecord, call: TaskRecord["call"]) => Promise<boolean>;
}

/** What calls need to become tasks. */
export interface TaskDesk {
  readonly store: TaskStore;
  /** Wait budget of a call, in ms. */
  readonly afterMs: number;
}

const answerPrefix = "answer:";

const cancel = `
if redis.call("hget", KEYS[1], "round") ~= ARGV[1] then return 0 end
if redis.call("hexists", KEYS[1], ARGV[2]) == 1 and ARGV[3] == "working" then return 0 end
redis.call("hset", KEYS[1], "updatedAt", ARGV[4], ARGV[5], ARGV[6])
redis.call("publish", ARGV[7], "cancelled")
return 1`;

const answer = `
if redis.call("exists", KEYS[1]) == 0 then return 0 end
redis.call("hset", KEYS[1], unpack(ARGV, 2))
redis.call("publish", ARGV[1], "answered")
return 1`;

const nextRound = `
if redis.call("hget", KEYS[1], "round") ~= ARGV[1] then return 0 end
redis.call("hset", KEYS[1], "round", ARGV[2], "call", ARGV[3], "updatedAt", ARGV[4], "ttlMs", ARGV[5])
redis.call("hdel", KEYS[1], "message")
redis.call("pexpire", KEYS[1], ARGV[6])
redis.call("publish", ARGV[7], "resumed")
return 1`;

/** Keeps each task for `keepMs` after the deadline of its last call. */
export function createTaskStore(redis: RedisConnection, prefix: string, keepMs: number): TaskStore {
  const livesUntil = (call: TaskRecord["call"]) => call.trace.expiresAt + keepMs;
  return {
    create: async ({ id, call, ...origin }) => {
      const now = Date.now();
      const record = { ...origin, createdAt: now, updatedAt: now, ttlMs: livesUntil(call) - now };
      const { ttlMs, updatedAt, ...stored } = record;
      const fields = {
        origin: JSON.stringify(stored),
        call: JSON.stringify(call),
        round: call.round,
        updatedAt,
        ttlMs,
      };
      const key = taskKey(prefix, id);
      const results = await redis.multi().hset(key, fields).pexpire(key, ttlMs).exec();
      const error = results?.find(([problem]) => problem !== null)?.[0];
      if (error) throw error;
      return { ...record, id, call, message: undefined, isCancelled: false, answers: {}, outcome: undefined };
    },
    find: async (id, owner) => {
      const task = readTask(id, await redis.hgetallBuffer(taskKey(prefix, id)));
      return task?.owner === owner ? task : undefined;
    },
    settle: async (taskId, callId, outcome) => {
      // The result may be large, and mostly its worker has kept it.
      if ((await redis.hexists(taskKey(prefix, taskId), outcomeField(callId))) === 1) return;
      await settleTask(redis, prefix, { taskId, callId }, outcome);
    },
    cancel: async ({ id, call, outcome }, how) => {
      const mark =
        how === "cancelled"
          ? ["cancelled", "1"]
          : ["message", "Cancellation was requested; the write may have been executed already."];
      const seen = outcome === undefined ? "working" : "asking";
      const facts = [call.round, outcomeField(call.callId), seen, Date.now(), ...mark, taskChannel(prefix, id)];
      await redis.eval(cancel, 1, taskKey(prefix, id), ...facts);
    },
    answer: async (id, answers) => {
      const fields = Object.entries(answers).flatMap(([name, given]) => [answerPrefix + name, JSON.stringify(given)]);
      await redis.eval(answer, 1, taskKey(prefix, id), taskChannel(prefix, id), "updatedAt", Date.now(), ...fields);
    },
    nextRound: async (task, call) => {
      const now = Date.now();
      const ttlMs = livesUntil(call) - task.createdAt;
      const change = [task.call.round, call.round, JSON.stringify(call), now, ttlMs, livesUntil(call) - now];
      return (await redis.eval(nextRound, 1, taskKey(prefix, task.id), ...change, taskChannel(prefix, task.id))) === 1;
    },
  };
}

/** A hash without its origin is an outcome whose gateway never recorded the task. */
function readTask(id: string, fields: Readonly<Record<string, Buffer>>): TaskRecord | undefined {
  const { origin, call, updatedAt, ttlMs, message, cancelled } = fields;
  if (origin === undefined || call === undefined) return undefined;
  const lastCall = taskCallSchema.parse(JSON.parse(call.toString()));
  const outcome = fields[outcomeField(lastCall.callId)];
  const answers = Object.entries(fields).filter(([name]) => name.startsWith(answerPrefix));
  return {
    ...originSchema.parse(JSON.parse(origin.toString())),
    id,
    call: lastCall,
    updatedAt: Number(updatedAt),
    ttlMs: Number(ttlMs),
    message: message?.toString(),
    isCancelled: cancelled !== undefined,
    answers: Object.fromEntries(
      answers.map(([name, given]) => [name.slice(answerPrefix.length), JSON.parse(given.toString()) as unknown]),
    ),
    outcome: outcome && decodeOutcome(outcome),
  };
}
