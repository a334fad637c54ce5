import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { clientKinds } from "./clients.ts";
import type { TestClient } from "./clients.ts";
import { openTestSystem } from "./open-test-system.ts";
import type { TestSystem } from "./open-test-system.ts";

const stack = new AsyncDisposableStack();
let system: TestSystem;
let client: TestClient;

beforeAll(async () => {
  system = await openTestSystem(stack, {
    redisUrl: inject("redisUrl"),
    workers: 4,
    env: {
      SAP_LIMITS: JSON.stringify({ S4: { concurrency: 5 } }),
      // A look at the system is no call, so the limit does not hold for it.
      PROBE_INTERVAL_MS: "3600000",
    },
  });
  client = stack.use(await clientKinds["SDK v2 in the 2026-07-28 era"](system.mcpUrl));
  await Promise.all([...many(40, read), ...many(10, create)]);
}, 120_000);
afterAll(() => stack.disposeAsync());

const orders = { serviceId: "API_SALES_ORDER_SRV", entityName: "A_SalesOrder" };
const read = (key: number) =>
  client.call("execute-entity-operation", {
    ...orders,
    operation: "read-single",
    parameters: { SalesOrder: String(key + 1) },
  });
const create = (at: number) =>
  client.call("execute-entity-operation", {
    ...orders,
    operation: "create",
    parameters: {
      SalesOrderType: "OR",
      SalesOrganization: "1010",
      DistributionChannel: "10",
      OrganizationDivision: "00",
      SoldToParty: "10000001",
      PurchaseOrderByCustomer: `limit ${at}`,
    },
  });
const many = <T>(count: number, call: (at: number) => Promise<T>) => Array.from({ length: count }, (_, at) => call(at));
const resetStats = () => fetch(`${system.sandbox.url}/sandbox/stats`, { method: "DELETE" });

it("never sends a system a sixth request at once from four workers, and uses the five that it may", async () => {
  system.sandbox.addFault({ latencyMs: 40, jitterMs: 40, matching: "A_SalesOrder" });
  await resetStats();
  const answers = await Promise.all([...many(150, read), ...many(30, create)]);
  expect(answers.filter(({ isError }) => isError)).toEqual([]);
  expect(system.sandbox.stats().requests).toBeGreaterThanOrEqual(180);
  expect(system.sandbox.stats().maxConcurrent).toBe(5);
  system.sandbox.resetFaults();
}, 90_000);

it("lets reads pass while writes are stuck", async () => {
  system.sandbox.addFault({ latencyMs: 6_000, matching: "A_SalesOrder" });
  const writes = many(8, create);
  await expect.poll(() => system.sandbox.stats().concurrent, { timeout: 5_000 }).toBeGreaterThan(0);
  // The newest rule that matches decides.
  system.sandbox.addFault({ latencyMs: 0, matching: "A_SalesOrder(" });
  const startedAt = Date.now();
  const answers = await Promise.all(many(20, read));
  expect(Date.now() - startedAt).toBeLessThan(4_000);
  expect(answers.filter(({ isError }) => isError)).toEqual([]);
  system.sandbox.resetFaults();
  expect((await Promise.all(writes)).filter(({ isError }) => isError)).toEqual([]);
}, 90_000);
