import type { JobEffect } from "@sap-mcp/shared/contracts/define-job.ts";
import { queueNameOf } from "@sap-mcp/shared/keys.ts";
import type { RedisConnection } from "@sap-mcp/shared/redis-connection.ts";
import { Queue } from "bullmq";

/** The queues on which calls wait: for each destination one lane of reads and one of writes. */
export type CallQueues = ReadonlyMap<string, Readonly<Record<JobEffect, Queue>>>;

/** Opens the queues of each destination on a connection that the caller owns. */
export function openCallQueues(
  connection: RedisConnection,
  prefix: string,
  destinations: readonly string[],
): CallQueues {
  const open = (destination: string, lane: JobEffect) =>
    new Queue(queueNameOf(destination, lane), {
      connection,
      prefix,
      // Nobody reads the queue's own events; answers come back on the reply stream.
      streams: { events: { maxLen: 100 } },
      skipWaitingForReady: true,
      defaultJobOptions: {
        attempts: 1,
        removeOnFail: { age: 900, count: 5_000 },
        stackTraceLimit: 1,
      },
    });
  return new Map(
    destinations.map((destination) => [
      destination,
      { read: open(destination, "read"), write: open(destination, "write") },
    ]),
  );
}
