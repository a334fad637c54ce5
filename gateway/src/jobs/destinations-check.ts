import { destinationHealthSchema } from "@sap-mcp/shared/destination-health.ts";
import type { DestinationHealth } from "@sap-mcp/shared/destination-health.ts";
import type { HealthCheck } from "@sap-mcp/shared/health.ts";
import { destinationHealthKey } from "@sap-mcp/shared/keys.ts";
import type { RedisConnection } from "@sap-mcp/shared/redis-connection.ts";

/**
 * What the workers last found out about the destinations; the gateway itself never talks to SAP. A system that is
 * down, or one that no worker has looked at lately, degrades the answer: the instance is not dead.
 */
export function destinationsCheck(
  redis: RedisConnection,
  prefix: string,
  destinations: readonly string[],
): HealthCheck {
  return {
    onFailure: "degraded",
    run: async () => {
      const found = await redis.mget(destinations.map((name) => destinationHealthKey(prefix, name)));
      const states = destinations.map((name, at) => [name, stateOf(found[at])] as const);
      const status = states.every(([, state]) => state.status === "healthy") ? "healthy" : "degraded";
      return { status, destinations: Object.fromEntries(states) };
    },
  };
}

function stateOf(text: string | null | undefined): DestinationHealth | { status: "degraded"; error: string } {
  if (text === null || text === undefined) return { status: "degraded", error: "no worker has reported on it lately" };
  return destinationHealthSchema.parse(JSON.parse(text));
}
