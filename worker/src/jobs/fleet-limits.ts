import type { JobEffect } from "@sap-mcp/shared/contracts/define-job.ts";
import { queueNameOf } from "@sap-mcp/shared/keys.ts";
import type { Logger } from "@sap-mcp/shared/logger.ts";
import type { RedisConnection } from "@sap-mcp/shared/redis-connection.ts";
import { Queue } from "bullmq";
import { laneLimitsOf } from "./lane-limits.ts";
import type { DestinationLimits, LaneLimit } from "./lane-limits.ts";

const retryMs = 1_000;

export interface FleetLimitsOptions {
  /** Waits while Redis is away. */
  readonly connection: RedisConnection;
  readonly prefix: string;
  readonly destinations: readonly string[];
  readonly limits: DestinationLimits;
  readonly allowWrites: boolean;
  readonly log: Logger;
}

/**
 * Writes the limits of the destinations to their queues, where BullMQ keeps them for all workers: the worker that
 * started last decides. Does it again whenever Redis comes back, perhaps empty. Resolves when they hold.
 */
export function openFleetLimits(stack: AsyncDisposableStack, options: FleetLimitsOptions): Promise<void> {
  const { connection, prefix, log } = options;
  const lanes = options.destinations.flatMap((destination) => {
    const limits = laneLimitsOf(options.limits, destination, options.allowWrites);
    return (["read", "write"] as const).map((lane: JobEffect) => {
      const queue = new Queue(queueNameOf(destination, lane), { connection, prefix, skipMetasUpdate: true });
      queue.on("error", (error) => log.warn({ err: error, destination }, "queue connection failed"));
      stack.defer(() => queue.close());
      return { queue, limit: limits[lane] };
    });
  });
  const { promise: held, resolve } = Promise.withResolvers<void>();
  let retry: NodeJS.Timeout | undefined;
  const apply = () => {
    Promise.all(lanes.map(({ queue, limit }) => limitQueue(queue, limit))).then(
      () => resolve(),
      (error: unknown) => {
        log.error({ err: error }, "the limits of the destinations could not be set; trying again");
        clearTimeout(retry);
        retry = setTimeout(apply, retryMs);
      },
    );
  };
  if (connection.status === "ready") apply();
  connection.on("ready", apply);
  stack.defer(() => {
    connection.off("ready", apply);
    clearTimeout(retry);
  });
  return held;
}

async function limitQueue(queue: Queue, { concurrency, rate }: LaneLimit): Promise<void> {
  await (concurrency === undefined ? queue.removeGlobalConcurrency() : queue.setGlobalConcurrency(concurrency));
  await (rate === undefined ? queue.removeGlobalRateLimit() : queue.setGlobalRateLimit(rate.max, rate.durationMs));
}
