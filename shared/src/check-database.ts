import pg from "pg";
import type { HealthCheck } from "./health.ts";

/** Asks PostgreSQL for a sign of life; a database that is down slows no call, so it only degrades. */
export function databaseCheck(databaseUrl: string | undefined): HealthCheck {
  return {
    onFailure: "degraded",
    run: async () => {
      if (databaseUrl === undefined) return { status: "disabled" };
      const client = new pg.Client({
        connectionString: databaseUrl,
        connectionTimeoutMillis: 5_000,
        query_timeout: 5_000,
      });
      // An error behind a lost connection has nobody to go to but the check that failed already.
      client.on("error", () => undefined);
      try {
        await client.connect();
        await client.query("SELECT 1");
        return { status: "healthy" };
      } finally {
        await client.end().catch(() => undefined);
      }
    },
  };
}
