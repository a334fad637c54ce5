import { afterEach, beforeEach, expect, inject, it } from "vitest";
import { freshPrefix, openTestGateway, openTestWorker, postModern } from "../../../test/open-test-gateway.ts";
import type { TakenJob } from "../../../test/open-test-gateway.ts";

const redisUrl = inject("redisUrl");
let stack: AsyncDisposableStack;
let taken: TakenJob[];

beforeEach(() => {
  stack = new AsyncDisposableStack();
  taken = [];
});
afterEach(() => stack.disposeAsync());

const discovered = {
  destination: "S4",
  service: { id: "ORDERS", odataVersion: "V2" },
  entitySets: [
    { name: "Orders", label: "Sales Order", keys: ["Id"], operations: "cru" },
    { name: "Items", keys: ["Id"], operations: "r" },
  ],
  total: 2,
  hasMore: false,
};

async function open(env: Readonly<Record<string, string>>): Promise<string> {
  const prefix = freshPrefix();
  openTestWorker(stack, { redisUrl, prefix }, async (job) => {
    taken.push(job);
    const answer = job.name === "discover-service-entities" ? discovered : {};
    await job.reply({ kind: "done", callId: job.callId, json: Buffer.from(JSON.stringify(answer)) });
  });
  return openTestGateway(stack, { redisUrl, prefix, env: { SAP_ALLOW_WRITES: "true", ...env } });
}

interface Listed {
  readonly name: string;
  readonly description: string;
}

async function listTools(url: string): Promise<readonly Listed[]> {
  const answer = (await (await postModern(url, { method: "tools/list" })).json()) as { result: { tools: Listed[] } };
  return answer.result.tools;
}

async function call(url: string, name: string, args: Readonly<Record<string, unknown>>) {
  const response = await postModern(url, { method: "tools/call", params: { name, arguments: args } });
  return (await response.json()) as { result: { isError?: boolean; content: { text: string }[] } };
}

it("offers one tool in the mode single, whose action says which job it becomes", async () => {
  const url = await open({ TOOL_MODE: "single" });
  expect((await listTools(url)).map(({ name }) => name)).toEqual(["sap"]);
  await call(url, "sap", { action: "get-entity-schema", serviceId: "ORDERS", entityName: "Orders" });
  expect(taken[0]?.name).toBe("get-entity-schema");
  expect(taken[0]?.payload.input).toMatchObject({ serviceId: "ORDERS", entityName: "Orders" });
});

it("says what the actions are when the single tool gets none that it knows", async () => {
  const url = await open({ TOOL_MODE: "single" });
  const { result } = await call(url, "sap", { action: "fly" });
  expect(result.isError).toBe(true);
  expect(result.content[0]?.text).toContain("search-sap-services");
  expect(taken).toEqual([]);
});

it("understands the names and arguments of the upstream project", async () => {
  const url = await open({ TOOL_MODE: "upstream" });
  expect((await listTools(url)).map(({ name }) => name)).toEqual([
    "discover-sap-data",
    "get-entity-metadata",
    "execute-sap-operation",
  ]);
  await call(url, "discover-sap-data", { query: "order" });
  await call(url, "discover-sap-data", { serviceId: "ORDERS" });
  await call(url, "execute-sap-operation", {
    serviceId: "ORDERS",
    entityName: "Orders",
    operation: "read",
    filterString: "Id eq '1'",
    topNumber: 5,
  });
  expect(taken.map(({ name }) => name)).toEqual([
    "search-sap-services",
    "discover-service-entities",
    "execute-entity-operation",
  ]);
  expect(taken[2]?.payload.input).toMatchObject({ queryOptions: { $filter: "Id eq '1'", $top: 5 } });
});

it("makes tools for each entity set in the mode flat, of what the service declares", async () => {
  const url = await open({ TOOL_MODE: "flat", FLAT_SERVICES: "ORDERS" });
  expect((await listTools(url)).map(({ name }) => name)).toEqual([
    "read_Orders",
    "read-single_Orders",
    "create_Orders",
    "update_Orders",
    "read_Items",
    "read-single_Items",
    "get-entity-schema",
  ]);
  await call(url, "create_Orders", { parameters: { Amount: "1.00" } });
  expect(taken.at(-1)?.payload.input).toMatchObject({
    serviceId: "ORDERS",
    entityName: "Orders",
    operation: "create",
    parameters: { Amount: "1.00" },
  });
});

it("shows no tool that writes in the mode flat while writing is off", async () => {
  const url = await open({ TOOL_MODE: "flat", FLAT_SERVICES: "ORDERS", SAP_ALLOW_WRITES: "false" });
  const names = (await listTools(url)).map(({ name }) => name);
  expect(names.filter((name) => /^(create|update|delete)/.test(name))).toEqual([]);
});

it("keeps to the bound of the mode flat, and keeps the general tool for what has none of its own", async () => {
  const url = await open({ TOOL_MODE: "flat", FLAT_SERVICES: "ORDERS", FLAT_MAX_TOOLS: "2" });
  const tools = await listTools(url);
  expect(tools.map(({ name }) => name)).toEqual([
    "read_Orders",
    "read-single_Orders",
    "get-entity-schema",
    "execute-entity-operation",
  ]);
  expect(tools.at(-1)?.description).toContain("For the 4 operations that have no tool of their own.");
});

it("binds an endpoint to its destination", async () => {
  const url = await open({});
  const request = { method: "tools/call", params: { name: "search-sap-services", arguments: {} } };
  await postModern(url, request, { path: "/mcp/S4" });
  expect(taken[0]?.payload.input).toMatchObject({ destination: "S4" });
  const foreign = {
    method: "tools/call",
    params: { name: "search-sap-services", arguments: { destination: "S4_QUALITY" } },
  };
  const refused = await (await postModern(url, foreign, { path: "/mcp/S4" })).text();
  expect(refused).toContain("This endpoint serves S4 only.");
  const unknown = await postModern(url, request, { path: "/mcp/S5" });
  expect(unknown.status).toBe(404);
  expect(await unknown.text()).toContain("/mcp/S4_QUALITY");
});
