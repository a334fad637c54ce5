import { afterEach, expect, inject, it } from "vitest";
import { clientKinds } from "./clients.ts";
import { openTestSystem } from "./open-test-system.ts";

let stack = new AsyncDisposableStack();

afterEach(async () => {
  await stack.disposeAsync();
  stack = new AsyncDisposableStack();
});

const openClient = async (env: Record<string, string>) => {
  const system = await openTestSystem(stack, { redisUrl: inject("redisUrl"), gateways: 1, workers: 1, env });
  const client = stack.use(await clientKinds["SDK v2 in the 2026-07-28 era"](system.mcpUrl));
  return { client, sandbox: system.sandbox };
};

const orders = { serviceId: "API_SALESORDER", entityName: "SalesOrder" };
const cancel = {
  serviceId: orders.serviceId,
  function: "CancelSalesOrder",
  parameters: { SalesDocumentRjcnReason: "10" },
};

it("finds open orders and cancels one in two calls, and reads and changes others in one batch", async () => {
  const { client, sandbox } = await openClient({});
  const found = await client.call("execute-entity-operation", {
    ...orders,
    operation: "read",
    queryOptions: { $filter: "OverallSDProcessStatus eq 'A' and OverallSDDocumentRejectionSts eq 'A'", $top: 3 },
  });
  const [first, second, third] = (found.content["rows"] as { SalesOrder: string }[]).map(({ SalesOrder }) => ({
    SalesOrder,
  }));
  const cancelled = await client.call("call-sap-function", { ...cancel, key: first });
  expect(cancelled.content["entity"]).toMatchObject({ ...first, OverallSDDocumentRejectionSts: "C" });
  const batch = await client.call("execute-sap-batch", {
    serviceId: orders.serviceId,
    requests: [
      { operation: "read-single", entityName: "SalesOrder", parameters: first },
      ...[second, third].map((key) => ({
        operation: "update",
        entityName: "SalesOrder",
        parameters: { ...key, PurchaseOrderByCustomer: "BATCH" },
        changeSet: "both",
      })),
    ],
  });
  expect(batch.content).toMatchObject({ failed: 0, results: [{ status: 200 }, {}, {}] });
  expect(sandbox.ledger()).toHaveLength(3);
});

it("calls functions but no actions, and reads but changes nothing in batches, where writing is off", async () => {
  const { client, sandbox } = await openClient({ SAP_ALLOW_WRITES: "false" });
  const total = await client.call("call-sap-function", {
    serviceId: orders.serviceId,
    function: "GetOrderTotal",
    parameters: { SoldToParty: "10000001" },
  });
  expect(total.content["entity"]).toMatchObject({ SoldToParty: "10000001" });
  const refused = await client.call("call-sap-function", { ...cancel, key: { SalesOrder: "1" }, readOnly: false });
  expect(refused).toMatchObject({ isError: true, content: { error: { kind: "read-only" } } });
  const requests = [{ operation: "read", entityName: "SalesOrder", queryOptions: { $top: 1 } }];
  const read = await client.call("execute-sap-batch", { serviceId: orders.serviceId, requests });
  expect(read.content).toMatchObject({ failed: 0 });
  const change = { operation: "delete", entityName: "SalesOrder", parameters: { SalesOrder: "1" } };
  const mixed = await client.call("execute-sap-batch", {
    serviceId: orders.serviceId,
    requests: [...requests, change],
  });
  expect(mixed).toMatchObject({ isError: true, content: { error: { kind: "read-only" } } });
  expect(sandbox.ledger()).toEqual([]);
});
