import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { clientKinds } from "./clients.ts";
import type { TestClient } from "./clients.ts";
import { openTestSystem } from "./open-test-system.ts";
import type { TestSystem } from "./open-test-system.ts";

const stack = new AsyncDisposableStack();
let system: TestSystem;

beforeAll(async () => {
  system = await openTestSystem(stack, { redisUrl: inject("redisUrl"), env: { PROBE_INTERVAL_MS: "1000" } });
});
afterAll(() => stack.disposeAsync());

const orders = { serviceId: "API_SALES_ORDER_SRV", entityName: "A_SalesOrder" };

describe.each(Object.entries(clientKinds))("%s over two gateways", (_kind, open) => {
  let client: TestClient;
  beforeAll(async () => {
    client = await open(system.mcpUrl);
  });
  afterAll(() => client[Symbol.asyncDispose]());

  it("lists the tools", async () => {
    expect(await client.listTools()).toEqual([
      "search-sap-services",
      "discover-service-entities",
      "get-entity-schema",
      "execute-entity-operation",
      "call-sap-function",
      "execute-sap-batch",
    ]);
  });

  it("finds its way from a word to a row", async () => {
    const found = await client.call("search-sap-services", { query: "sales order" });
    expect(found.content.services).toContainEqual(
      expect.objectContaining({ id: "API_SALESORDER", odataVersion: "V4" }),
    );
    const entities = await client.call("discover-service-entities", { serviceId: orders.serviceId });
    expect(entities.content.entitySets).toContainEqual(
      expect.objectContaining({ name: "A_SalesOrder", keys: ["SalesOrder"] }),
    );
    const schema = await client.call("get-entity-schema", orders);
    expect(schema.content.fields).toContainEqual(
      expect.objectContaining({ name: "TotalNetAmount", type: "Edm.Decimal" }),
    );
    const read = await client.call("execute-entity-operation", {
      ...orders,
      operation: "read",
      queryOptions: { $filter: "SalesOrder eq '7'" },
    });
    expect(read.content).toMatchObject({ rows: [{ SalesOrder: "7" }], total: 1, hasMore: false });
  });

  it("creates, updates and deletes an order", async () => {
    const created = await client.call("execute-entity-operation", {
      ...orders,
      operation: "create",
      parameters: {
        SalesOrderType: "OR",
        SalesOrganization: "1010",
        DistributionChannel: "10",
        OrganizationDivision: "00",
        SoldToParty: "10000001",
        PurchaseOrderByCustomer: "O'Neil & Söhne 100%",
      },
    });
    expect(created.text).toContain("O'Neil & Söhne 100%");
    const { SalesOrder } = created.content.entity as { readonly SalesOrder: string };
    const key = { SalesOrder };
    const updated = await client.call("execute-entity-operation", {
      ...orders,
      operation: "update",
      parameters: { ...key, PurchaseOrderByCustomer: "changed" },
    });
    expect(updated.isError).toBe(false);
    const read = await client.call("execute-entity-operation", {
      ...orders,
      operation: "read-single",
      parameters: key,
    });
    expect(read.content.entity).toMatchObject({ ...key, PurchaseOrderByCustomer: "changed" });
    const deleted = await client.call("execute-entity-operation", { ...orders, operation: "delete", parameters: key });
    expect(deleted.isError).toBe(false);
    const gone = await client.call("execute-entity-operation", {
      ...orders,
      operation: "read-single",
      parameters: key,
    });
    expect(gone.content.error).toMatchObject({ kind: "not-found" });
  });

  it("reads V4 services as well", async () => {
    const read = await client.call("execute-entity-operation", {
      serviceId: "API_SALESORDER",
      entityName: "SalesOrder",
      operation: "read",
      queryOptions: { $top: 3 },
    });
    expect(read.content).toMatchObject({ rows: [{}, {}, {}], hasMore: true, nextSkip: 3 });
  });

  it("reads both resources", async () => {
    expect(JSON.parse(await client.readResource("sap://services"))).toMatchObject({ destination: "S4" });
    expect(await client.readResource(`sap://service/${orders.serviceId}/metadata`)).toContain("<edmx:Edmx");
  });

  it("names the nearest service and entity set for a misspelt one", async () => {
    const service = await client.call("discover-service-entities", { serviceId: "API_SALES_ORDR_SRV" });
    expect(service.content.error).toMatchObject({ kind: "unknown-service" });
    expect(service.text).toContain(orders.serviceId);
    const set = await client.call("get-entity-schema", { ...orders, entityName: "A_SalesOrders" });
    expect(set.content.error).toMatchObject({ kind: "unknown-entity-set" });
    expect(set.text).toContain("A_SalesOrder");
    const property = await client.call("execute-entity-operation", {
      ...orders,
      operation: "read",
      queryOptions: { $select: "SalesOrdr" },
    });
    expect(property.content.error).toMatchObject({ kind: "unknown-property" });
    expect(property.text).toContain("SalesOrder");
  });
});

it("reports every part of the system as healthy", async () => {
  await expect
    .poll(async () => ((await (await fetch(`${system.url}/health`)).json()) as { status: string }).status, {
      timeout: 20_000,
    })
    .toBe("healthy");
});

it("stays in service, but says so, when the SAP system is down", async () => {
  const [worker] = system.workers;
  system.sandbox.addFault({ hang: true });
  try {
    await expect
      .poll(async () => (await fetch(`${worker?.url}/health`)).json(), {
        timeout: 60_000,
        interval: 500,
      })
      .toMatchObject({
        status: "degraded",
        checks: { sapDestinations: { status: "degraded" } },
      });
    const response = await fetch(`${system.url}/health`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: "degraded" });
  } finally {
    system.sandbox.resetFaults();
  }
}, 90_000);
