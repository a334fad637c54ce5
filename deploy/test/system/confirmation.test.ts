import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from "@modelcontextprotocol/client";
import { Client as LegacyClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as LegacyTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, afterEach, beforeAll, expect, inject, it } from "vitest";
import { clientKinds } from "./clients.ts";
import { openTestSystem } from "./open-test-system.ts";
import type { TestSystem } from "./open-test-system.ts";

const stack = new AsyncDisposableStack();
let system: TestSystem;
let questions: string[] = [];
let answer: { action: "accept" | "decline"; content?: { confirm: boolean } };

beforeAll(async () => {
  system = await openTestSystem(stack, { redisUrl: inject("redisUrl"), env: { CONFIRM: "delete" } });
});
afterEach(() => {
  questions = [];
});
afterAll(() => stack.disposeAsync());

const identity = { name: "test", version: "1" };
const capabilities = { elicitation: {} };
const reply = ({ params }: { params: { message: string } }) => {
  questions.push(params.message);
  return answer;
};

const askable = {
  "2026-07-28 era": async () => {
    const client = new ModernClient(identity, { capabilities, versionNegotiation: { mode: "auto" } });
    client.setRequestHandler("elicitation/create", reply);
    await client.connect(new ModernTransport(system.mcpUrl));
    expect(client.getProtocolEra()).toBe("modern");
    return client;
  },
  "2025 era": async () => {
    const client = new LegacyClient(identity, { capabilities });
    client.setRequestHandler(ElicitRequestSchema, reply);
    await client.connect(new LegacyTransport(system.mcpUrl));
    return client;
  },
};

/** Deletes a product that was created just before; tells how often SAP deleted it. */
async function deleteProduct(open: () => Promise<ModernClient | LegacyClient>) {
  const client = await open();
  await using closing = new AsyncDisposableStack();
  closing.defer(() => client.close());
  const product = { Product: `CONFIRM-${questions.length}-${Date.now()}` };
  const target = { serviceId: "API_PRODUCT", entityName: "Product" };
  const execute = (operation: string, parameters: object) =>
    client.callTool({ name: "execute-entity-operation", arguments: { ...target, operation, parameters } });
  await execute("create", { ...product, ProductType: "HAWA", BaseUnit: "PC" });
  const result = await execute("delete", product);
  const deletions = system.sandbox.ledger().filter(({ method, path }) => {
    return method === "DELETE" && path.includes(product.Product);
  });
  return { text: JSON.stringify(result), product, deletions: deletions.length };
}

it.each(Object.entries(askable))("deletes what the user of a client of the %s agrees to", async (_era, open) => {
  answer = { action: "accept", content: { confirm: true } };
  const { product, text, deletions } = await deleteProduct(open);
  expect(questions).toEqual([expect.stringContaining(product.Product)]);
  expect([text, deletions]).toEqual([expect.stringContaining("deleted"), 1]);
});

it.each(Object.entries(askable))("leaves what the user of a client of the %s wants to keep", async (_era, open) => {
  answer = { action: "decline" };
  const { text, deletions } = await deleteProduct(open);
  expect(questions).toHaveLength(1);
  expect([text, deletions]).toEqual([expect.stringContaining("unconfirmed"), 0]);
});

it.each(Object.entries(clientKinds))("deletes nothing for %s without a way to ask", async (_kind, open) => {
  await using client = await open(system.mcpUrl);
  const before = system.sandbox.ledger().length;
  const refused = await client.call("execute-entity-operation", {
    serviceId: "API_PRODUCT",
    entityName: "Product",
    operation: "delete",
    parameters: { Product: "TG0352" },
  });
  expect(refused).toMatchObject({ isError: true, content: { error: { kind: "unconfirmed" } } });
  expect(refused.text).toContain("a client that has elicitation");
  expect(system.sandbox.ledger()).toHaveLength(before);
});
