import { afterAll, beforeAll, beforeEach, expect, inject, it } from "vitest";
import { openAgent, ordersPath } from "./agent.ts";
import type { Agent, Row } from "./agent.ts";
import { openTestSystem } from "./open-test-system.ts";

const stack = new AsyncDisposableStack();
let agent: Agent;

const rowsOf = (content: Row) => content.rows as readonly Row[];

beforeAll(async () => {
  agent = await openAgent(stack, await openTestSystem(stack, { redisUrl: inject("redisUrl") }));
});
beforeEach(() => agent.begin());
afterAll(() => stack.disposeAsync());

it("Which customers are called O'Neil?", async () => {
  const serviceId = await agent.search("business partner");
  await agent.discover(serviceId);
  const { fields } = await agent.schema(serviceId, "BusinessPartner");
  expect(fields).toContainEqual(expect.objectContaining({ name: "BusinessPartnerFullName" }));
  const found = await agent.execute({
    serviceId,
    entityName: "BusinessPartner",
    operation: "read",
    filter: { field: "BusinessPartnerFullName", op: "contains", value: "O'Neil" },
    queryOptions: { $select: "BusinessPartner,BusinessPartnerFullName", $top: 500 },
  });
  expect(rowsOf(found).length).toBeGreaterThan(10);
  expect(rowsOf(found).every((row) => String(row.BusinessPartnerFullName).includes("O'Neil"))).toBe(true);
  expect(found.total).toBe(rowsOf(found).length);
});

it("Which open orders are above 1,500,000 EUR, the largest first, and who ordered?", async () => {
  const serviceId = await agent.search("sales order");
  const { fields } = await agent.schema(serviceId, "SalesOrder");
  expect(fields).toContainEqual(
    expect.objectContaining({
      name: "OverallSDProcessStatus",
      about: expect.stringContaining("C = Completely processed"),
    }),
  );
  const found = await agent.execute({
    serviceId,
    entityName: "SalesOrder",
    operation: "read",
    filter: {
      and: [
        { field: "OverallSDProcessStatus", op: "ne", value: "C" },
        { field: "TotalNetAmount", op: "gt", value: "1500000" },
        { field: "TransactionCurrency", op: "eq", value: "EUR" },
      ],
    },
    queryOptions: {
      $select: "SalesOrder,TotalNetAmount,_SoldToParty/BusinessPartnerFullName",
      $orderby: "TotalNetAmount desc",
    },
  });
  const filter = "OverallSDProcessStatus ne 'C' and TotalNetAmount gt 1500000 and TransactionCurrency eq 'EUR'";
  const expected = await agent.askSap(
    `${ordersPath}?$filter=${encodeURIComponent(filter)}&$orderby=TotalNetAmount%20desc&$top=100`,
  );
  expect(rowsOf(found).map((row) => row.SalesOrder)).toEqual(expected.map((row) => row.SalesOrder));
  expect(rowsOf(found)[0]).toMatchObject({ _SoldToParty: { BusinessPartnerFullName: expect.any(String) } });
});

it("What are the items of order 7, with the texts of their products?", async () => {
  const serviceId = await agent.search("sales order");
  const { navigations } = await agent.schema(serviceId, "SalesOrder");
  expect(navigations).toContainEqual(expect.objectContaining({ name: "_Item", many: true }));
  const found = await agent.execute({
    serviceId,
    entityName: "SalesOrder",
    operation: "read",
    parameters: { SalesOrder: "7" },
    navigation: "_Item",
    queryOptions: { $select: "SalesOrderItem,Material,SalesOrderItemText,RequestedQuantity" },
  });
  const expected = await agent.askSap(`${ordersPath}('7')/_Item`);
  expect(rowsOf(found).map((row) => row.SalesOrderItemText)).toEqual(expected.map((row) => row.SalesOrderItemText));
});

it("What did each customer order in total in EUR? The three largest.", async () => {
  const serviceId = await agent.search("sales order");
  const { apply } = await agent.schema(serviceId, "SalesOrder");
  expect(apply).toContain("groupby");
  const found = await agent.execute({
    serviceId,
    entityName: "SalesOrder",
    operation: "read",
    queryOptions: {
      $apply: "filter(TransactionCurrency eq 'EUR')/groupby((SoldToParty),aggregate(TotalNetAmount with sum as Total))",
      $orderby: "Total desc",
      $top: 3,
    },
  });
  const [best] = rowsOf(found);
  const filter = `SoldToParty eq '${String(best?.SoldToParty)}' and TransactionCurrency eq 'EUR'`;
  const orders = await agent.askSap(`${ordersPath}?$filter=${encodeURIComponent(filter)}`);
  const cents = orders.reduce((sum, row) => sum + BigInt(Math.round(Number(row.TotalNetAmount) * 100)), 0n);
  expect(BigInt(Math.round(Number(best?.Total) * 100))).toBe(cents);
});

it("How many orders did sales organization 1010 take since 2024, in a service that knows V2 only?", async () => {
  const found = await agent.execute({
    serviceId: "API_SALES_ORDER_SRV",
    entityName: "A_SalesOrder",
    operation: "read",
    queryOptions: { $filter: 'SalesOrderDate ge 2024-01-01 and SalesOrganization = "1010"', $top: 0 },
  });
  const filter = "SalesOrderDate ge 2024-01-01 and SalesOrganization eq '1010'";
  const expected = await agent.askSap(
    `${ordersPath}?$filter=${encodeURIComponent(filter)}&$select=SalesOrder&$top=1000`,
  );
  expect(found.total).toBe(expected.length);
  expect(String(found.warnings)).toContain("datetime'2024-01-01T00:00:00'");
});

it("List all orders of the year 2023: more than a page.", async () => {
  const args = {
    serviceId: "API_SALESORDER",
    entityName: "SalesOrder",
    operation: "read",
    format: "columns",
    filter: {
      and: [
        { field: "SalesOrderDate", op: "ge", value: "2023-01-01" },
        { field: "SalesOrderDate", op: "lt", value: "2024-01-01" },
      ],
    },
    queryOptions: { $select: "SalesOrder", $top: 600 },
  };
  const keys: unknown[] = [];
  let page = await agent.execute(args);
  const take = () => keys.push(...(page.data as readonly (readonly unknown[])[]).map(([key]) => key));
  take();
  while (page.hasMore === true) {
    page = await agent.execute({ ...args, queryOptions: { ...args.queryOptions, $skip: page.nextSkip } });
    take();
  }
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys).toHaveLength(Number(page.total));
  expect(keys.length).toBeGreaterThan(1_000);
});

it("What did customer 10000331 order in EUR, by SAP's own function?", async () => {
  const serviceId = await agent.search("sales order");
  const { functions } = await agent.discover(serviceId);
  expect(functions).toContainEqual(expect.objectContaining({ name: "GetOrderTotal", kind: "function" }));
  const { entity } = await agent.call("call-sap-function", {
    serviceId,
    function: "GetOrderTotal",
    parameters: { SoldToParty: "10000331", TransactionCurrency: "EUR" },
    readOnly: true,
  });
  const filter = "SoldToParty eq '10000331' and TransactionCurrency eq 'EUR'";
  const orders = await agent.askSap(`${ordersPath}?$filter=${encodeURIComponent(filter)}`);
  expect((entity as Row).NumberOfOrders).toBe(orders.length);
});
