import { afterAll, beforeAll, beforeEach, expect, inject, it } from "vitest";
import { openAgent, ordersPath } from "./agent.ts";
import type { Agent, Row } from "./agent.ts";
import { openTestSystem } from "./open-test-system.ts";

const stack = new AsyncDisposableStack();
let agent: Agent;

beforeAll(async () => {
  agent = await openAgent(stack, await openTestSystem(stack, { redisUrl: inject("redisUrl") }));
});
beforeEach(() => agent.begin());
afterAll(() => stack.disposeAsync());

it("Change the quantity of item 10 of order 4001 to 12.", async () => {
  const serviceId = await agent.search("sales order");
  await agent.schema(serviceId, "SalesOrderItem");
  const changed = await agent.execute({
    serviceId,
    entityName: "SalesOrderItem",
    operation: "update",
    parameters: { SalesOrder: "4001", SalesOrderItem: "10", RequestedQuantity: "12" },
  });
  expect(Number((changed.entity as Row).RequestedQuantity)).toBe(12);
  const items = await agent.askSap(`${ordersPath}('4001')/_Item`);
  expect(Number(items.find((row) => row.SalesOrderItem === "10")?.RequestedQuantity)).toBe(12);
});

it("Create an order of two products for customer 10000001.", async () => {
  const serviceId = await agent.search("sales order");
  const { fields } = await agent.schema(serviceId, "SalesOrder");
  expect((fields as readonly Row[]).filter((field) => field.required === true).map((field) => field.name)).toEqual([
    "SalesOrderType",
    "SalesOrganization",
    "SoldToParty",
  ]);
  const created = await agent.execute({
    serviceId,
    entityName: "SalesOrder",
    operation: "create",
    parameters: {
      SalesOrderType: "OR",
      SalesOrganization: "1010",
      SoldToParty: "10000001",
      _Item: [
        { Material: "TG0352", RequestedQuantity: "5" },
        { Material: "TG0236", RequestedQuantity: "2" },
      ],
    },
  });
  const items = await agent.askSap(`${ordersPath}('${String((created.entity as Row).SalesOrder)}')/_Item`);
  expect(items.map((row) => row.Material)).toEqual(["TG0352", "TG0236"]);
});

it("Cancel order 4990.", async () => {
  const serviceId = await agent.search("sales order");
  const { functions } = await agent.schema(serviceId, "SalesOrder");
  expect(functions).toContainEqual(expect.objectContaining({ name: "CancelSalesOrder", on: "entity" }));
  await agent.call("call-sap-function", {
    serviceId,
    function: "CancelSalesOrder",
    entityName: "SalesOrder",
    key: { SalesOrder: "4990" },
    parameters: { SalesDocumentRjcnReason: "01" },
  });
  const [order] = await agent.askSap(`${ordersPath}?$filter=SalesOrder%20eq%20'4990'`);
  expect(order?.OverallSDDocumentRejectionSts).toBe("C");
});

it("Plan a promotion of 10 % and make it effective, although it begins as a draft.", async () => {
  const serviceId = await agent.search("promotion");
  const { draft } = await agent.schema(serviceId, "Promotion");
  expect(draft).toContain("Activate");
  const created = await agent.execute({
    serviceId,
    entityName: "Promotion",
    operation: "create",
    parameters: {
      PromotionName: "Winter sale",
      SalesOrganization: "1010",
      DiscountPercent: "10.00",
      ValidityStartDate: "2026-12-01",
      ValidityEndDate: "2026-12-31",
    },
  });
  const { PromotionUUID } = created.entity as Row;
  const activated = await agent.call("call-sap-function", {
    serviceId,
    function: "Activate",
    entityName: "Promotion",
    key: { PromotionUUID, IsActiveEntity: false },
  });
  expect(activated.entity).toMatchObject({ PromotionUUID, IsActiveEntity: true, PromotionName: "Winter sale" });
});

it("Set the quantities of two items of order 4100 together, or not at all.", async () => {
  const change = (item: string, quantity: string) => ({
    operation: "update",
    entityName: "SalesOrderItem",
    parameters: { SalesOrder: "4100", SalesOrderItem: item, RequestedQuantity: quantity },
    changeSet: "both",
  });
  const quantities = async () =>
    (await agent.askSap(`${ordersPath}('4100')/_Item`)).slice(0, 2).map((row) => Number(row.RequestedQuantity));
  const batch = (other: string) =>
    agent.call("execute-sap-batch", {
      serviceId: "API_SALESORDER",
      requests: [change("10", "31"), change(other, "32")],
    });
  const before = await quantities();
  await expect(batch("990")).rejects.toThrow("990");
  expect(await quantities()).toEqual(before);
  expect((await batch("20")).failed).toBe(0);
  expect(await quantities()).toEqual([31, 32]);
});
