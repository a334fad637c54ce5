import type { HealthCheck } from "./health.ts";
import type { RedisConnection } from "./redis-connection.ts";

/** Whether Redis answers; without it the instance can do nothing. */
export function redisCheck(connection: RedisConnection): HealthCheck {
  return {
    onFailure: "unhealthy",
    run: async () => {
      if (connection.status !== "ready") return { status: "unhealthy", error: `connection is ${connection.status}` };
      const startedAt = performance.now();
      await connection.ping();
      return { status: "healthy", latency_ms: Math.round((performance.now() - startedAt) * 100) / 100 };
    },
  };
}
