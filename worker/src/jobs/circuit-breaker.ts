import type { Logger } from "@sap-mcp/shared/logger.ts";
import type { RedisConnection } from "@sap-mcp/shared/redis-connection.ts";

export interface BreakerSettings {
  /** Time over which calls are counted, in ms. */
  readonly windowMs: number;
  /** Calls in a window below which nothing is concluded. */
  readonly minCalls: number;
  /** Share of failed calls that opens the circuit, 0 to 1. */
  readonly failureShare: number;
  /** Time between two trial calls while the circuit is open, in ms. */
  readonly trialIntervalMs: number;
}

export interface CircuitBreakerOptions {
  readonly redis: RedisConnection;
  readonly key: string;
  readonly destination: string;
  readonly settings: BreakerSettings;
  readonly log: Logger;
}

/** `trial`: the one call at intervals that finds out whether SAP is back. A number: refused, ms until the next trial. */
export type Passage = "pass" | "trial" | number;

/** Counts reported and state learnt are at most so old, in ms, while there is traffic. */
const syncEveryMs = 1_000;
/** State that is older is not acted upon before it is learnt anew. */
const trustForMs = 3_000;

/**
 * Adds counts to those of the fleet and answers with the state of the circuit: `closed`, `open` with the ms until the
 * next trial, `opened` for the one whose report opened it, `trial` for the one that may try.
 */
const exchange = `
local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ok, failed, wish = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
local windowMs, minCalls, share, trialMs = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local known = redis.call("HMGET", KEYS[1], "trialAt", "since", "ok", "failed")
local trialAt = tonumber(known[1])
if trialAt then
  if wish == "close" then
    redis.call("DEL", KEYS[1])
    return { "closed", 0 }
  end
  if wish == "trial" and now >= trialAt then
    redis.call("HSET", KEYS[1], "trialAt", now + trialMs)
    redis.call("PEXPIRE", KEYS[1], math.max(windowMs, 4 * trialMs))
    return { "trial", trialMs }
  end
  return { "open", math.max(0, trialAt - now) }
end
if ok + failed == 0 then return { "closed", 0 } end
local since = tonumber(known[2])
if since and now - since < windowMs then
  ok, failed = ok + known[3], failed + known[4]
else
  since = now
end
if failed > 0 and ok + failed >= minCalls and failed >= share * (ok + failed) then
  redis.call("HSET", KEYS[1], "trialAt", now + trialMs)
  redis.call("PEXPIRE", KEYS[1], math.max(windowMs, 4 * trialMs))
  return { "opened", trialMs }
end
redis.call("HSET", KEYS[1], "since", since, "ok", ok, "failed", failed)
redis.call("PEXPIRE", KEYS[1], windowMs)
return { "closed", 0 }
`;

/**
 * The fleet's common view of whether a SAP system answers: closed, calls pass; open, they are refused but for a trial at
 * intervals; a trial that succeeds closes it. The state is one small hash in Redis; a process reports what it saw and
 * learns what others saw once a second, so that no call waits for it while there is traffic.
 */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  #ok = 0;
  #failed = 0;
  #syncedAt = 0;
  #syncing: Promise<unknown> | undefined;
  /** When the next trial is due; undefined while the circuit is closed. */
  #trialAt: number | undefined;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
  }

  /** Whether a call may be made now. Without Redis nothing is refused. */
  async enter(): Promise<Passage> {
    const age = Date.now() - this.#syncedAt;
    if (age > syncEveryMs) {
      this.#syncing ??= this.#exchange("learn").finally(() => (this.#syncing = undefined));
      if (age > trustForMs) await this.#syncing;
    }
    if (this.#trialAt === undefined) return "pass";
    if (Date.now() >= this.#trialAt && (await this.#exchange("trial")) === "trial") return "trial";
    return this.#trialAt === undefined ? "pass" : Math.max(0, this.#trialAt - Date.now());
  }

  /** Tells how a call ended that was let through. */
  async leave(passage: "pass" | "trial", succeeded: boolean): Promise<void> {
    if (succeeded) this.#ok += 1;
    else this.#failed += 1;
    if (passage === "trial" && succeeded) {
      await this.#exchange("close");
      this.#options.log.info({ destination: this.#options.destination }, "circuit closed");
    }
  }

  async #exchange(wish: "learn" | "trial" | "close"): Promise<string | undefined> {
    const { redis, key, destination, settings, log } = this.#options;
    if (redis.status !== "ready") return undefined;
    const counts = [this.#ok, this.#failed];
    this.#ok = 0;
    this.#failed = 0;
    const { windowMs, minCalls, failureShare, trialIntervalMs } = settings;
    const limits = [windowMs, minCalls, failureShare, trialIntervalMs];
    try {
      const answer = await redis.eval(exchange, 1, key, ...counts, wish, ...limits);
      const [state, waitMs] = answer as [string, number];
      this.#syncedAt = Date.now();
      this.#trialAt = state === "closed" ? undefined : this.#syncedAt + waitMs;
      if (state === "opened") log.warn({ destination }, "circuit opened: most calls of late failed at SAP");
      return state;
    } catch (error) {
      log.warn({ err: error, destination }, "the circuit breaker could not reach Redis");
      this.#trialAt = undefined;
      return undefined;
    }
  }
}
