import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { canonicalJson } from "@sap-mcp/shared/canonical-json.ts";
import { failureSchema } from "@sap-mcp/shared/failure.ts";
import { writeClaimKey, writeRecordKey, writeResultKey } from "@sap-mcp/shared/keys.ts";
import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { RedisConnection } from "@sap-mcp/shared/redis-connection.ts";

/** Longest result that is kept for a repeat, in bytes. */
const maxKeptBytes = 262_144;
/** Time for which results are kept whose callers gave no key of their own and so hardly ever repeat, in seconds. */
const unaskedTtlS = 900;
/** Longest wait for the run that another call of the same key has begun, in ms; it takes a worker's place meanwhile. */
const longestWaitMs = 10_000;
/** Time by which a repeat answers before its own deadline, in ms. */
const answerMarginMs = 500;
/** Time behind its deadline in which a running write has ended if its worker lives, in ms. */
const graceMs = 5_000;

/** A write that wants to begin. */
export interface WriteOrder {
  readonly callId: string;
  readonly principal: string;
  /** The caller's own; the call's id stands for it. */
  readonly idempotencyKey: string | undefined;
  readonly name: string;
  readonly input: unknown;
  /** In ms since 1970. */
  readonly expiresAt: number;
}

/** Whether a write may begin; where it may not, because it is withdrawn or because its outcome is known already. */
export type WriteClaim =
  | { readonly kind: "claimed"; readonly hold: WriteHold }
  | { readonly kind: "withdrawn" }
  | { readonly kind: "decided"; readonly outcome: Outcome<Buffer> };

/** The right to execute a write, to be given back in one of two ways. */
export interface WriteHold {
  /** Keeps what became of the write for every repeat. */
  readonly keep: (outcome: Outcome<Buffer>) => Promise<void>;
  /** Forgets a write that surely changed nothing, so that a repeat executes it. */
  readonly release: () => Promise<void>;
}

export interface WriteClaims {
  /** Claims a write before SAP is called. Where another call of the same key runs it, waits for its outcome. */
  readonly claim: (order: WriteOrder, signal: AbortSignal) => Promise<WriteClaim>;
}

/**
 * KEYS: claim of the call, record and result of the idempotency key. ARGV: call, input, until, lifetime in seconds,
 * whether this run has claimed before. The claim decides between gateway and worker, the record between calls of the
 * same key.
 */
const claimScript = `
local begins = redis.call('set', KEYS[1], 'begun', 'EX', ARGV[4], 'NX') or ARGV[5] == 'again'
if not begins and redis.call('get', KEYS[1]) == 'withdrawn' then return {'withdrawn'} end
local record = redis.call('hmget', KEYS[2], 'state', 'call', 'input', 'until', 'failure')
if not record[1] then
  if not begins then return {'lost'} end
  redis.call('hset', KEYS[2], 'state', 'running', 'call', ARGV[1], 'input', ARGV[2], 'until', ARGV[3])
  redis.call('expire', KEYS[2], ARGV[4])
  return {'claimed'}
end
if record[1] == 'running' and record[2] == ARGV[1] then
  redis.call('hset', KEYS[2], 'state', 'lost')
  return {'lost'}
end
record[6] = redis.call('get', KEYS[3])
return record`;

/** Claims in Redis, where results are kept for `ttlS` seconds. */
export function createWriteClaims(options: {
  readonly redis: RedisConnection;
  readonly prefix: string;
  readonly ttlS: number;
}): WriteClaims {
  const { redis, prefix, ttlS } = options;
  return {
    claim: async (order, signal) => {
      const { callId, expiresAt, principal, idempotencyKey = callId } = order;
      const keys = {
        claim: writeClaimKey(prefix, callId),
        record: writeRecordKey(prefix, principal, idempotencyKey),
        result: writeResultKey(prefix, principal, idempotencyKey),
      };
      const resultTtlS = order.idempotencyKey === undefined ? Math.min(ttlS, unaskedTtlS) : ttlS;
      const input = fingerprintOf(order);
      const waitUntil = Math.min(Date.now() + longestWaitMs, expiresAt - answerMarginMs);
      for (let turn = 0; ; turn += 1) {
        const args = [callId, input, expiresAt, ttlS, turn === 0 ? "first" : "again"];
        const found = (await redis.eval(claimScript, 3, ...Object.values(keys), ...args)) as FoundRecord;
        if (found[0] === "claimed") return { kind: "claimed", hold: holdOf(redis, keys, { ttlS, resultTtlS }) };
        if (found[0] === "withdrawn") return { kind: "withdrawn" };
        const outcome = readRecord(found, input) ?? (Date.now() < waitUntil ? undefined : underWay());
        if (outcome !== undefined) return { kind: "decided", outcome };
        await sleep(Math.min(25 * 2 ** turn, 250), undefined, { signal });
      }
    },
  };
}

/** State, and where there is a record: call, fingerprint of the input, end of the call's time, failure, result. */
type FoundRecord = readonly [
  state: string,
  call?: string,
  input?: string,
  until?: string,
  failure?: string | null,
  result?: string | null,
];

function holdOf(
  redis: RedisConnection,
  keys: { readonly claim: string; readonly record: string; readonly result: string },
  { ttlS, resultTtlS }: { readonly ttlS: number; readonly resultTtlS: number },
): WriteHold {
  return {
    keep: async (outcome) => {
      const record = outcome.ok ? { state: "done" } : { state: "failed", failure: JSON.stringify(outcome.failure) };
      const steps = redis.multi().hset(keys.record, record).expire(keys.record, ttlS);
      if (outcome.ok && outcome.value.length <= maxKeptBytes) steps.set(keys.result, outcome.value, "EX", resultTtlS);
      await steps.exec();
    },
    release: async () => {
      await redis.del(keys.claim, keys.record);
    },
  };
}

/** The outcome that a record stands for; undefined while its write may still be running. */
function readRecord(
  [state, , input, until, failure, result]: FoundRecord,
  wanted: string,
): Outcome<Buffer> | undefined {
  if (state === "lost") return lost();
  if (input !== wanted) {
    return fail("invalid-input", "This idempotencyKey belongs to another change; nothing was executed.", {
      guidance: "Repeat a change with exactly its arguments, and give every other change a key of its own.",
    });
  }
  if (state === "done") return typeof result === "string" ? succeed(Buffer.from(result)) : notKept();
  if (state === "failed") return { ok: false, failure: failureSchema.parse(JSON.parse(failure ?? "")) };
  return Date.now() > Number(until) + graceMs ? lost() : undefined;
}

function lost(): ReturnType<typeof fail> {
  return fail("outcome-unknown", "The worker that executed this write was lost before it could answer.", {
    guidance: "Read the entity to see whether SAP executed it before you try again with another idempotencyKey.",
  });
}

function notKept(): ReturnType<typeof fail> {
  return fail("too-large", "The write was executed; its result was too long to be kept, or is too old.", {
    guidance: "Read the entity to see it.",
  });
}

function underWay(): ReturnType<typeof fail> {
  return fail("under-way", "The change with this idempotencyKey is still being executed.", {
    guidance: "Repeat it unchanged in a moment to get its result; it is not executed again.",
    retryAfterMs: 2_000,
  });
}

function fingerprintOf({ name, input }: WriteOrder): string {
  return createHash("sha256")
    .update(canonicalJson([name, input]))
    .digest("base64url");
}
