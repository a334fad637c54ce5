import { queueNameOf } from "@sap-mcp/shared/keys.ts";
import type { RedisConnection } from "@sap-mcp/shared/redis-connection.ts";
import { Queue } from "bullmq";

/** The queues on which calls wait, one for each destination. */
export type CallQueues = ReadonlyMap<string, Queue>;

/** Opens one queue per destination on a connection that the caller owns. */
export function openCallQueues(
  connection: RedisConnection,
  prefix: string,
  destinations: readonly string[],
): CallQueues {
  return new Map(
    destinations.map((destination) => [
      destination,
      new Queue(queueNameOf(destination), {
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
      }),
    ]),
  );
}
