import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { findFreePort } from "../../local/find-free-port.ts";
import { commandInPath } from "../../local/redis-command.ts";
import { spawnChild } from "../../local/spawn-child.ts";
import type { Child } from "../../local/spawn-child.ts";
import { clientKinds } from "./clients.ts";
import { openTestSystem } from "./open-test-system.ts";
import type { TestSystem } from "./open-test-system.ts";

const stack = new AsyncDisposableStack();
let system: TestSystem;
let redis: Child;
let restart: () => Promise<Child>;

beforeAll(async () => {
  const command = await commandInPath(process.env);
  if (command === undefined) throw new Error("these tests need redis-server or valkey-server in the PATH");
  const port = await findFreePort();
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  restart = () => spawnChild({ name: "redis", program: command.program, args, env: process.env });
  redis = await restart();
  stack.defer(() => redis.stop());
  system = await openTestSystem(stack, { redisUrl: `redis://127.0.0.1:${port}`, env: { CALL_TIMEOUT_MS: "30000" } });
});
afterAll(() => stack.disposeAsync());

const read = {
  serviceId: "API_SALES_ORDER_SRV",
  entityName: "A_SalesOrder",
  operation: "read-single",
  parameters: { SalesOrder: "1" },
};

it("answers the calls that were under way when Redis was killed and came back empty", async () => {
  await using client = await clientKinds["SDK v2 in the 2026-07-28 era"](system.mcpUrl);
  await client.call("execute-entity-operation", read);
  system.sandbox.addFault({ latencyMs: 1_500, matching: "A_SalesOrder(" });
  const calls = Array.from({ length: 12 }, () => client.call("execute-entity-operation", read));
  await sleep(500);
  await redis.kill();
  await sleep(1_000);
  redis = await restart();
  const answers = await Promise.all(calls);
  expect(answers.filter(({ isError }) => isError)).toEqual([]);
  system.sandbox.resetFaults();
}, 90_000);

it("answers 503 with Retry-After at once while Redis is away, and recovers by itself", async () => {
  await redis.kill();
  await expect.poll(async () => (await fetch(`${system.url}/health`)).status, { timeout: 10_000 }).toBe(503);
  const startedAt = Date.now();
  const response = await fetch(system.mcpUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  expect(response.status).toBe(503);
  expect(response.headers.get("retry-after")).toBe("1");
  expect(((await response.json()) as { error: { code: number } }).error.code).toBe(-32012);
  expect(Date.now() - startedAt).toBeLessThan(1_000);

  redis = await restart();
  await expect.poll(async () => (await fetch(`${system.url}/health/ready`)).status, { timeout: 20_000 }).toBe(200);
  await using client = await clientKinds["SDK v2 in the 2026-07-28 era"](system.mcpUrl);
  expect((await client.call("execute-entity-operation", read)).isError).toBe(false);
}, 90_000);
