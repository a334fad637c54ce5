import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, inject, it } from "vitest";
import { clientKinds } from "./clients.ts";
import type { CallAnswer } from "./clients.ts";
import { openTestSystem } from "./open-test-system.ts";
import type { TestSystem } from "./open-test-system.ts";

const deadlineMs = 30_000;
let stack: AsyncDisposableStack;
let system: TestSystem;

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  system = await openTestSystem(stack, { redisUrl: inject("redisUrl"), env: { CALL_TIMEOUT_MS: String(deadlineMs) } });
});
afterEach(() => stack.disposeAsync());

const readOf = (key: number) => ({
  serviceId: "API_SALES_ORDER_SRV",
  entityName: "A_SalesOrder",
  operation: "read-single",
  parameters: { SalesOrder: String(key) },
});

/** How a call ended: with its own row, with a named failure, or with the broken connection that a killed gateway leaves. */
type Ending = "answered" | "broken connection" | `failed: ${string}`;

async function endingOf(call: Promise<CallAnswer>, key: number): Promise<Ending> {
  try {
    const { content } = await call;
    const { entity, error } = content as { entity?: { SalesOrder: string }; error?: { kind: string } };
    if (error !== undefined) return `failed: ${error.kind}`;
    expect(entity?.SalesOrder).toBe(String(key));
    return "answered";
  } catch {
    return "broken connection";
  }
}

it("answers every read although a worker is killed while it runs them", async () => {
  await using client = await clientKinds["SDK v2 in the 2026-07-28 era"](system.mcpUrl);
  await client.call("execute-entity-operation", readOf(1));
  system.sandbox.addFault({ latencyMs: 1_000, matching: "A_SalesOrder(" });
  const startedAt = Date.now();
  const calls = Array.from({ length: 20 }, (_, at) =>
    endingOf(client.call("execute-entity-operation", readOf(at + 1)), at + 1),
  );
  await sleep(500);
  await system.workers[0]?.kill();
  const endings = await Promise.all(calls);
  expect(endings).toEqual(endings.map(() => "answered"));
  expect(Date.now() - startedAt).toBeLessThan(deadlineMs + 5_000);
}, 90_000);

it("ends every call by its deadline when a gateway is killed, and answers the calls of the other one", async () => {
  const open = clientKinds["SDK v2 in the 2026-07-28 era"];
  await using stays = await open(new URL("/mcp", system.gateways[1]?.url));
  const dies = await open(new URL("/mcp", system.gateways[0]?.url));
  system.sandbox.addFault({ latencyMs: 1_000, matching: "A_SalesOrder(" });
  const stayed = Array.from({ length: 8 }, (_, at) =>
    endingOf(stays.call("execute-entity-operation", readOf(at + 1)), at + 1),
  );
  const died = Array.from({ length: 8 }, (_, at) =>
    endingOf(dies.call("execute-entity-operation", readOf(at + 1)), at + 1),
  );
  await sleep(500);
  await system.gateways[0]?.kill();
  expect(await Promise.all(stayed)).toEqual(stayed.map(() => "answered"));
  expect(new Set(await Promise.all(died))).toEqual(new Set(["broken connection"]));
  // A modern client sends a broken request again; any gateway answers.
  await using again = await open(system.mcpUrl);
  expect(await endingOf(again.call("execute-entity-operation", readOf(3)), 3)).toBe("answered");
}, 90_000);

it("goes on with a 2025-era session on the other gateway after its gateway was killed", async () => {
  await using client = await clientKinds["SDK v1 (2025 era)"](system.mcpUrl);
  expect(await endingOf(client.call("execute-entity-operation", readOf(1)), 1)).toBe("answered");
  await system.gateways[0]?.kill();
  for (let key = 2; key < 6; key += 1) {
    expect(await endingOf(client.call("execute-entity-operation", readOf(key)), key)).toBe("answered");
  }
}, 90_000);

it("executes a write at most once although its worker is killed, and says when the outcome is unknown", async () => {
  await using client = await clientKinds["SDK v2 in the 2026-07-28 era"](system.mcpUrl);
  const order = {
    SalesOrderType: "OR",
    SalesOrganization: "1010",
    DistributionChannel: "10",
    OrganizationDivision: "00",
    SoldToParty: "10000001",
  };
  const create = (at: number) =>
    client.call("execute-entity-operation", {
      serviceId: "API_SALES_ORDER_SRV",
      entityName: "A_SalesOrder",
      operation: "create",
      parameters: { ...order, PurchaseOrderByCustomer: `write ${at}` },
    });
  expect((await create(0)).isError).toBe(false);
  system.sandbox.addFault({ latencyMs: 1_000, matching: "A_SalesOrder" });
  const calls = Array.from({ length: 8 }, (_, at) => create(at + 1));
  await sleep(600);
  await system.workers[0]?.kill();
  const answers = await Promise.all(calls);
  const kinds = answers.map(({ isError, content }) =>
    isError ? (content.error as { kind: string }).kind : "answered",
  );
  expect(kinds.filter((kind) => kind !== "answered" && kind !== "outcome-unknown")).toEqual([]);

  system.sandbox.resetFaults();
  for (let at = 1; at <= 8; at += 1) {
    const found = await client.call("execute-entity-operation", {
      serviceId: "API_SALES_ORDER_SRV",
      entityName: "A_SalesOrder",
      operation: "read",
      queryOptions: { $filter: `PurchaseOrderByCustomer eq 'write ${at}'` },
    });
    expect(found.content.total).toBeLessThanOrEqual(1);
    expect(found.content.total).toBeGreaterThanOrEqual(kinds[at - 1] === "answered" ? 1 : 0);
  }
}, 90_000);
