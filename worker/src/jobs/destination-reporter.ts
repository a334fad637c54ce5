import type { DestinationHealth } from "@sap-mcp/shared/destination-health.ts";
import type { HealthCheck } from "@sap-mcp/shared/health.ts";
import { destinationHealthKey } from "@sap-mcp/shared/keys.ts";
import type { Logger } from "@sap-mcp/shared/logger.ts";
import type { RedisConnection } from "@sap-mcp/shared/redis-connection.ts";
import { probeDestination } from "../sap/probe-destination.ts";

const probeTimeoutMs = 5_000;

export interface DestinationReporterOptions {
  readonly redis: RedisConnection;
  readonly prefix: string;
  readonly destinations: readonly string[];
  readonly intervalMs: number;
  readonly log: Logger;
}

/**
 * Looks at every destination at intervals and writes what it found to Redis, where gateways read it: a gateway never
 * talks to SAP. Returns the worker's own health check over the same findings.
 */
export function openDestinationReporter(stack: AsyncDisposableStack, options: DestinationReporterOptions): HealthCheck {
  const found = new Map<string, DestinationHealth>();
  const closing = new AbortController();
  const lookAtAll = async () => {
    await Promise.all(
      options.destinations.map(async (destination) => {
        const health = await lookAt(destination, closing.signal);
        found.set(destination, health);
        const ttlMs = 3 * options.intervalMs + probeTimeoutMs;
        await options.redis.set(destinationHealthKey(options.prefix, destination), JSON.stringify(health), "PX", ttlMs);
      }),
    );
  };
  const look = () => {
    lookAtAll().catch((error: unknown) => {
      if (!closing.signal.aborted)
        options.log.warn({ err: error }, "the state of the destinations could not be reported");
    });
  };
  look();
  const timer = setInterval(look, options.intervalMs);
  stack.defer(() => {
    clearInterval(timer);
    closing.abort();
  });
  return {
    onFailure: "degraded",
    run: () => {
      const isHealthy = options.destinations.every((destination) => found.get(destination)?.status === "healthy");
      return Promise.resolve({ status: isHealthy ? "healthy" : "degraded", destinations: Object.fromEntries(found) });
    },
  };
}

async function lookAt(destination: string, closing: AbortSignal): Promise<DestinationHealth> {
  const signal = AbortSignal.any([closing, AbortSignal.timeout(probeTimeoutMs)]);
  const outcome = await probeDestination(destination, signal);
  const checked_at = new Date().toISOString();
  if (!outcome.ok) return { status: "degraded", error: outcome.failure.message, checked_at };
  return { status: "healthy", http_status: outcome.value.status, latency_ms: outcome.value.tookMs, checked_at };
}
