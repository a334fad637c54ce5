import { cancelChannel } from "@sap-mcp/shared/keys.ts";
import type { Logger } from "@sap-mcp/shared/logger.ts";
import type { RedisConnection } from "@sap-mcp/shared/redis-connection.ts";

const rememberMs = 60_000;

/** Which calls were cancelled of late, and who stops them. */
export interface Cancellations {
  /** True for a call that was cancelled before it began here. */
  readonly has: (callId: string) => boolean;
}

/** Hears the gateways' cancellations; `stop` aborts a call that runs in this process and ignores any other. */
export function listenForCancellations(options: {
  readonly subscriber: RedisConnection;
  readonly prefix: string;
  readonly stop: (callId: string) => void;
  readonly log: Logger;
}): Cancellations {
  const { subscriber, prefix, stop, log } = options;
  // A cancellation may overtake its job, which this worker is just taking from the queue.
  const recent = new Map<string, number>();
  subscriber.on("message", (_channel: string, callId: string) => {
    const now = Date.now();
    for (const [known, at] of recent) {
      if (now - at < rememberMs) break;
      recent.delete(known);
    }
    recent.set(callId, now);
    stop(callId);
  });
  subscriber
    .subscribe(cancelChannel(prefix))
    .catch((error: unknown) => log.error({ err: error }, "cancellations can't be received"));
  return { has: (callId) => recent.has(callId) };
}
