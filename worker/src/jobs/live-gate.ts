import { liveReleaseKey } from "@sap-mcp/shared/keys.ts";
import type { Logger } from "@sap-mcp/shared/logger.ts";
import type { RedisConnection } from "@sap-mcp/shared/redis-connection.ts";

const pollIntervalMs = 1_000;
const renewIntervalMs = 60_000;
const lifetimeS = 30 * 86_400;

export interface LiveGateOptions {
  readonly redis: RedisConnection;
  readonly prefix: string;
  readonly release: string;
  /** Called once, when the release is live. */
  readonly onLive: () => void;
  readonly log: Logger;
}

/**
 * Keeps a worker idle until its release is live, so that the new workers of a blue-green deployment take no job while
 * they are only tested. The gate does not close again: the platform stops the old workers. Live workers renew the
 * mark and restore it in a Redis that came back empty.
 */
export function openLiveGate(stack: AsyncDisposableStack, options: LiveGateOptions): void {
  const { redis, prefix, release, log } = options;
  const key = liveReleaseKey(prefix);
  const look = async () => {
    if ((await redis.get(key)) !== release) return;
    clearInterval(timer);
    timer = setInterval(() => ignore(renew()), renewIntervalMs);
    log.info({ release }, "release is live");
    options.onLive();
  };
  const renew = async () => {
    const live = await redis.set(key, release, "EX", lifetimeS, "NX", "GET");
    if (live === release) await redis.expire(key, lifetimeS);
  };
  const ignore = (work: Promise<void>) =>
    void work.catch((error: unknown) => log.debug({ err: error }, "the live gate has to wait for Redis"));

  let timer = setInterval(() => ignore(look()), pollIntervalMs);
  stack.defer(() => clearInterval(timer));
  log.warn({ release }, "worker is idle until its release is live");
  ignore(look());
}

/** Marks a release as live; its idle workers begin within a second. */
export async function markLive(redis: RedisConnection, prefix: string, release: string): Promise<void> {
  await redis.set(liveReleaseKey(prefix), release, "EX", lifetimeS);
}
