import { expect, it } from "vitest";
import { httpStatusOf, reportHealth } from "./health.ts";
import type { HealthCheck } from "./health.ts";

const healthy: HealthCheck = { onFailure: "unhealthy", run: () => Promise.resolve({ status: "healthy" }) };
const report = (checks: Readonly<Record<string, HealthCheck>>) =>
  reportHealth({ instance: "3", version: "1.2.3", checkTimeoutMs: 50, checks });

it("is healthy with 200 when every check is", async () => {
  const result = await report({ redis: healthy });
  expect(result).toMatchObject({
    status: "healthy",
    instance: "3",
    version: "1.2.3",
    checks: { redis: { status: "healthy" } },
  });
  expect(httpStatusOf(result)).toBe(200);
});

it("counts a check that hangs as failed within the time limit", async () => {
  const result = await report({ redis: { onFailure: "unhealthy", run: () => new Promise(() => undefined) } });
  expect(result.checks.redis).toEqual({ status: "unhealthy", error: "no answer within 50 ms" });
  expect(httpStatusOf(result)).toBe(503);
});

it("only degrades when a system fails that the instance can live without", async () => {
  const down: HealthCheck = { onFailure: "degraded", run: () => Promise.reject(new Error("refused")) };
  const result = await report({ redis: healthy, sapDestinations: down });
  expect(result.status).toBe("degraded");
  expect(result.checks.sapDestinations).toEqual({ status: "degraded", error: "refused" });
  expect(httpStatusOf(result)).toBe(200);
});
