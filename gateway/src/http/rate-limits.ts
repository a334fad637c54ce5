import { principalOf } from "@sap-mcp/shared/caller.ts";
import type { Caller } from "@sap-mcp/shared/caller.ts";
import type { Logger } from "@sap-mcp/shared/logger.ts";
import type { RedisConnection } from "@sap-mcp/shared/redis-connection.ts";
import { RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";

export interface RateLimitOptions {
  readonly redis: RedisConnection;
  readonly prefix: string;
  /** Requests per minute; 0 for any number. */
  readonly perUser: number;
  readonly perTenant: number;
  readonly log: Logger;
}

export interface RateRefusal {
  /** Names the limit, and when to come back. */
  readonly message: string;
  readonly retryAfterS: number;
}

/** Counts a request; a refusal where the user or the tenant has sent as many as it may. */
export type LimitRate = (caller: Caller) => Promise<RateRefusal | undefined>;

interface Limit {
  readonly limiter: RateLimiterRedis;
  readonly describe: string;
  readonly keyOf: (caller: Caller) => string;
}

/** Limits over all gateways, counted in Redis by the minute. Trouble with Redis lets a request pass. */
export function createRateLimits({ redis, prefix, perUser, perTenant, log }: RateLimitOptions): LimitRate {
  const limitOf = (points: number, subject: string, keyOf: Limit["keyOf"]): readonly Limit[] => {
    if (points === 0) return [];
    const limiter = new RateLimiterRedis({
      storeClient: redis,
      keyPrefix: `${prefix}:limit:${subject}`,
      points,
      duration: 60,
      rejectIfRedisNotReady: true,
      // Who is over the limit costs Redis nothing until the minute is over.
      inMemoryBlockOnConsumed: points + 1,
    });
    return [{ limiter, describe: `${points} requests per minute and ${subject}`, keyOf }];
  };
  const limits = [
    ...limitOf(perUser, "user", principalOf),
    ...limitOf(perTenant, "tenant", ({ tenant }) => encodeURIComponent(tenant)),
  ];
  const consume = async ({ limiter, describe, keyOf }: Limit, caller: Caller): Promise<RateRefusal | undefined> => {
    try {
      await limiter.consume(keyOf(caller));
      return undefined;
    } catch (error) {
      if (error instanceof RateLimiterRes) {
        const retryAfterS = Math.max(1, Math.ceil(error.msBeforeNext / 1_000));
        const message = `The limit of ${describe} is reached; try again in ${retryAfterS} seconds.`;
        return { message, retryAfterS };
      }
      log.warn({ err: error }, "a request could not be counted");
      return undefined;
    }
  };
  return async (caller) => {
    const refusals = await Promise.all(limits.map((limit) => consume(limit, caller)));
    return refusals.find((refusal) => refusal !== undefined);
  };
}
