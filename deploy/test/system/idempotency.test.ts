import { afterAll, beforeAll, beforeEach, expect, inject, it } from "vitest";
import { clientKinds } from "./clients.ts";
import type { TestClient } from "./clients.ts";
import { openTestSystem } from "./open-test-system.ts";
import type { TestSystem } from "./open-test-system.ts";

const stack = new AsyncDisposableStack();
let system: TestSystem;
let client: TestClient;

beforeAll(async () => {
  // One job at a time, so that calls at the same time run in both workers.
  const env = { WORKER_CONCURRENCY: "1", CALL_TIMEOUT_MS: "30000" };
  system = await openTestSystem(stack, { redisUrl: inject("redisUrl"), env });
  client = stack.use(await clientKinds["SDK v2 in the 2026-07-28 era"](system.mcpUrl));
});
beforeEach(() => system.sandbox.resetFaults());
afterAll(() => stack.disposeAsync());

const createOrder = (purchase: string, idempotencyKey?: string) =>
  client.call("execute-entity-operation", {
    serviceId: "API_SALESORDER",
    entityName: "SalesOrder",
    operation: "create",
    parameters: {
      SalesOrderType: "OR",
      SalesOrganization: "1010",
      SoldToParty: "10000001",
      PurchaseOrderByCustomer: purchase,
    },
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  });
const writes = () => system.sandbox.ledger().length;

it("executes a write once that is sent to both gateways at once under one key", async () => {
  const before = writes();
  system.sandbox.addFault({ latencyMs: 300, matching: "SalesOrder" });
  const answers = await Promise.all(Array.from({ length: 4 }, () => createOrder("at once", "at once")));
  expect(answers.map(({ isError }) => isError)).toEqual([false, false, false, false]);
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(writes()).toBe(before + 1);
});

it("executes equal writes without a key as often as they are sent", async () => {
  const before = writes();
  await Promise.all([createOrder("no key"), createOrder("no key")]);
  expect(writes()).toBe(before + 2);
});

it("refuses another write under the key of an executed one", async () => {
  await createOrder("first", "reused");
  const before = writes();
  const refused = await createOrder("second", "reused");
  expect(refused).toMatchObject({ isError: true, content: { error: { kind: "invalid-input" } } });
  expect(writes()).toBe(before);
});

it("says that the outcome is unknown when SAP broke off, names a key to repeat with, and then executes nothing", async () => {
  const before = writes();
  system.sandbox.addFault({ closeSocket: true, afterExecution: true, matching: "/SalesOrder", times: 1 });
  const broken = await createOrder("broken");
  const { kind, idempotencyKey } = broken.content["error"] as { kind: string; idempotencyKey: string };
  expect(kind).toBe("outcome-unknown");
  expect(broken.text).toContain(`Repeated with idempotencyKey ${idempotencyKey}`);
  const again = await createOrder("broken", idempotencyKey);
  expect(again).toMatchObject({ isError: true, content: { error: { kind: "outcome-unknown" } } });
  expect(writes()).toBe(before + 1);
});

it("executes a repeat of a write that SAP did not take", async () => {
  const before = writes();
  system.sandbox.addFault({ failStatus: 429, retryAfterSeconds: 1, matching: "/SalesOrder", times: 1 });
  expect((await createOrder("throttled", "throttled")).content["error"]).toMatchObject({ kind: "throttled" });
  expect((await createOrder("throttled", "throttled")).isError).toBe(false);
  expect(writes()).toBe(before + 1);
});

it("answers a read although SAP is away at first and then wants it later", async () => {
  const order = { serviceId: "API_SALESORDER", entityName: "SalesOrder" };
  const read = () =>
    client.call("execute-entity-operation", { ...order, operation: "read", queryOptions: { $top: 1 } });
  system.sandbox.addFault({ failStatus: 503, retryAfterSeconds: 1, matching: "/SalesOrder?", times: 2 });
  const startedAt = Date.now();
  expect((await read()).isError).toBe(false);
  expect(Date.now() - startedAt).toBeGreaterThanOrEqual(1_900);
});
