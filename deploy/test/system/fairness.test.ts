import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { startProcess } from "../../local/start-process.ts";
import type { RunningProcess } from "../../local/start-process.ts";
import { openTestSystem } from "./open-test-system.ts";
import type { TestSystem } from "./open-test-system.ts";

const stack = new AsyncDisposableStack();
let system: TestSystem;
let gateway: RunningProcess;

beforeAll(async () => {
  const env = { KEY_PREFIX: `{test-${randomUUID()}}`, REDIS_URL: inject("redisUrl") };
  system = await openTestSystem(stack, { redisUrl: env.REDIS_URL, gateways: 0, env });
  gateway = stack.use(
    await startProcess({
      name: "gateway-of-users",
      entry: new URL("../../../gateway/test/gateway-of-users/main.ts", import.meta.url),
      env: { ...env, SAP_DESTINATION_NAME: "S4", LOG_LEVEL: "warn", CALL_TIMEOUT_MS: "60000" },
    }),
  );
  await gateway.ready();
}, 120_000);
afterAll(() => stack.disposeAsync());

async function readOrder(user: string, signal?: AbortSignal): Promise<void> {
  const response = await fetch(`${gateway.url}/mcp`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": "tools/call",
      "mcp-name": "execute-entity-operation",
      "x-user": user,
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: {
        name: "execute-entity-operation",
        arguments: {
          serviceId: "API_SALES_ORDER_SRV",
          entityName: "A_SalesOrder",
          operation: "read-single",
          parameters: { SalesOrder: "1" },
        },
        _meta: {
          "io.modelcontextprotocol/protocolVersion": "2026-07-28",
          "io.modelcontextprotocol/clientCapabilities": {},
          "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
        },
      },
    }),
    ...(signal !== undefined && { signal }),
  });
  const text = await response.text();
  if (!text.includes('"SalesOrder":"1"') && !text.includes('\\"SalesOrder\\":\\"1\\"')) throw new Error(text);
}

async function medianOfCalls(user: string, count: number): Promise<number> {
  const tookMs: number[] = [];
  for (let at = 0; at < count; at += 1) {
    const startedAt = performance.now();
    await readOrder(user);
    tookMs.push(performance.now() - startedAt);
  }
  return tookMs.toSorted((a, b) => a - b)[Math.floor(count / 2)] ?? Number.NaN;
}

it("keeps one user's median within three times its own while another keeps 800 calls waiting", async () => {
  system.sandbox.addFault({ latencyMs: 100, matching: "A_SalesOrder(" });
  await medianOfCalls("ben", 20);
  const undisturbedMs = await medianOfCalls("ben", 25);

  const over = new AbortController();
  let answered = 0;
  const flood = async () => {
    while (!over.signal.aborted) {
      await readOrder("anne", over.signal);
      answered += 1;
    }
  };
  const callers = Array.from({ length: 800 }, flood);
  const ended = Promise.allSettled(callers);
  await sleep(3_000);
  const answeredBefore = answered;
  const disturbedMs = await medianOfCalls("ben", 25);
  expect(answered, "the flood is served meanwhile").toBeGreaterThan(answeredBefore);
  over.abort();
  const failures = (await ended).flatMap((one) => (one.status === "rejected" ? [one.reason as Error] : []));
  expect(failures.filter(({ name }) => name !== "AbortError")).toEqual([]);
  console.log(`p50 ${undisturbedMs.toFixed(1)} ms undisturbed, ${disturbedMs.toFixed(1)} ms under the flood`);
  expect(disturbedMs).toBeLessThanOrEqual(3 * undisturbedMs);
}, 120_000);
