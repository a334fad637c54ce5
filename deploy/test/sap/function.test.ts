import { callFunction } from "@sap-mcp/worker/sap/call-function.ts";
import { openSapSystem } from "@sap-mcp/worker/sap/open-sap-system.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failureOf, makeCall, openSapBench, settings, valueOf } from "./sap-bench.ts";
import type { SapBench } from "./sap-bench.ts";

type Input = Parameters<typeof callFunction>[1];

let bench: SapBench;
const invoke = (input: Input) => callFunction(bench.sap, input, makeCall());

beforeEach(async () => {
  bench = await openSapBench();
});

afterEach(() => bench.close());

const orderIn = async ({ serviceId, set }: { serviceId: string; set: string }, filter: string) => {
  const { rows = [] } = valueOf(
    await bench.execute({ serviceId, entityName: set, operation: "read", queryOptions: { $filter: filter, $top: 1 } }),
  );
  return rows[0] ?? {};
};

const v2 = { serviceId: "API_SALES_ORDER_SRV", set: "A_SalesOrder" };
const v4 = { serviceId: "API_SALESORDER", set: "SalesOrder" };
const open = "OverallSDProcessStatus eq 'A' and OverallSDDocumentRejectionSts eq 'A'";
const waiting = "SalesDocApprovalStatus eq 'A'";

describe("function imports of V2", () => {
  it("returns rows of a function with a literal in the URL, page by page", async () => {
    const { SoldToParty, SalesOrder } = await orderIn(v2, open);
    const called = valueOf(
      await invoke({ ...v2Call("GetSalesOrdersOfCustomer"), parameters: { SoldToParty }, readOnly: true }),
    );
    expect(called.rows?.every((row) => row["SoldToParty"] === SoldToParty)).toBe(true);
    expect(called.rows?.map((row) => row["SalesOrder"])).toContain(SalesOrder);
    expect(called).toHaveProperty("count", called.rows?.length);
    expect(called.rows?.[0]?.["SalesOrderDate"]).toMatch(/^\d{4}-\d\d-\d\d/);
    expect(bench.sandbox.ledger()).toEqual([]);
  });

  it("returns a structured value without the name around it", async () => {
    const { SoldToParty } = await orderIn(v2, open);
    const called = valueOf(
      await invoke({ ...v2Call("GetOrderTotal"), parameters: { SoldToParty, TransactionCurrency: "USD" } }),
    );
    expect(called.entity).toMatchObject({
      SoldToParty,
      NumberOfOrders: expect.any(Number) as number,
      TotalNetAmount: expect.stringMatching(/^\d/) as string,
    });
  });

  it("changes an order by POST, the key among the parameters or apart", async () => {
    const { SalesOrder } = await orderIn(v2, open);
    const called = valueOf(
      await invoke({
        ...v2Call("CancelSalesOrder"),
        key: { SalesOrder },
        parameters: { SalesDocumentRjcnReason: "10" },
      }),
    );
    expect(called.entity).toMatchObject({ SalesOrder, OverallSDDocumentRejectionSts: "C" });
    const again = await invoke({
      ...v2Call("CancelSalesOrder"),
      parameters: { SalesOrder, SalesDocumentRjcnReason: "10" },
    });
    expect(failureOf(again)).toMatchObject({
      kind: "rejected",
      sapCode: "V1/850",
      message: expect.stringContaining("already rejected") as string,
    });
    expect(bench.sandbox.ledger()).toHaveLength(1);
  });

  const v2Call = (name: string) => ({ serviceId: v2.serviceId, function: name });
});

describe("functions and actions of V4", () => {
  const v4Call = (name: string) => ({ serviceId: v4.serviceId, function: name });

  it("calls a function with its parameters in parentheses, nothing for what is left out", async () => {
    const { SoldToParty } = await orderIn(v4, `${open} and TransactionCurrency eq 'EUR'`);
    const called = valueOf(await invoke({ ...v4Call("GetOrderTotal"), parameters: { SoldToParty }, readOnly: true }));
    expect(called.entity).toMatchObject({ SoldToParty, TransactionCurrency: "EUR" });
  });

  it("calls a function that is bound to an entity", async () => {
    const { SalesOrder } = await orderIn(v4, open);
    const called = valueOf(await invoke({ ...v4Call("GetOpenItems"), key: { SalesOrder }, readOnly: true }));
    expect(called.rows?.length).toBeGreaterThan(0);
    expect(called.rows?.every((row) => row["SalesOrder"] === SalesOrder)).toBe(true);
  });

  it("cancels an order by the action that is bound to it", async () => {
    const { SalesOrder } = await orderIn(v4, open);
    const called = valueOf(
      await invoke({
        ...v4Call("CancelSalesOrder"),
        entityName: "SalesOrder",
        key: { SalesOrder },
        parameters: { SalesDocumentRjcnReason: "10" },
      }),
    );
    expect(called).toMatchObject({ function: "CancelSalesOrder", entity: { OverallSDDocumentRejectionSts: "C" } });
    expect(bench.sandbox.ledger()).toMatchObject([{ method: "POST", key: `SalesOrder('${String(SalesOrder)}')` }]);
  });

  it("calls an unbound action with a body", async () => {
    const { SoldToParty } = await orderIn(v4, waiting);
    const called = valueOf(await invoke({ ...v4Call("ReleaseOrdersOfCustomer"), parameters: { SoldToParty } }));
    expect(called.rows?.length).toBeGreaterThan(0);
    expect(called.rows?.every((row) => row["SalesDocApprovalStatus"] === "B")).toBe(true);
  });

  it("does not say whether an action was executed that SAP never answered", async () => {
    const { SalesOrder } = await orderIn(v4, waiting);
    bench.sandbox.addFault({ matching: "ReleaseApprovalRequest", closeSocket: true, afterExecution: true, times: 1 });
    const failure = failureOf(await invoke({ ...v4Call("ReleaseApprovalRequest"), key: { SalesOrder } }));
    expect(failure.kind).toBe("outcome-unknown");
    expect(bench.sandbox.ledger()).toHaveLength(1);
  });
});

describe("a call that is wrong", () => {
  it.each([
    [v2.serviceId, { function: "CancelOrder" }, "CancelSalesOrder(SalesOrder: Edm.String"],
    [v4.serviceId, { function: "CancelOrder" }, "CancelSalesOrder(SalesDocumentRjcnReason: Edm.String) on SalesOrder"],
    [v4.serviceId, { function: "CancelSalesOrder", entityName: "SalesOrderItem" }, "It is called on SalesOrder."],
    [v4.serviceId, { function: "CancelSalesOrder", key: { SalesOrder: "1" } }, "SalesDocumentRjcnReason: Edm.String"],
    [v2.serviceId, { function: "GetOrderTotal", parameters: { Customer: "1" } }, "SoldToParty: Edm.String"],
    [v4.serviceId, { function: "GetOrderTotal", parameters: { SoldToParty: { a: 1 } } }, "Edm.String"],
    [v4.serviceId, { function: "GetOpenItems" }, "SalesOrder (Edm.String)"],
    [v4.serviceId, { function: "GetOpenItems", entityName: "SalesOrdr" }, "SalesOrder"],
  ])("in %s, %j, is answered with what is right", async (serviceId, input, right) => {
    const failure = failureOf(await invoke({ serviceId, ...input }));
    expect(["invalid-input", "unknown-entity-set"]).toContain(failure.kind);
    expect(failure.guidance).toContain(right);
    expect(bench.sandbox.ledger()).toEqual([]);
  });

  it.each([v2.serviceId, v4.serviceId])(
    "refuses in %s what changes data, read-only or with writing switched off",
    async (serviceId) => {
      const input = {
        serviceId,
        function: "CancelSalesOrder",
        key: { SalesOrder: "1" },
        parameters: { SalesDocumentRjcnReason: "10" },
      };
      expect(failureOf(await invoke({ ...input, readOnly: true })).kind).toBe("read-only");
      const reader = openSapSystem({ ...settings, allowWrites: false });
      expect(failureOf(await callFunction(reader, input, makeCall())).kind).toBe("read-only");
      valueOf(
        await callFunction(
          reader,
          { serviceId, function: "GetOrderTotal", parameters: { SoldToParty: "1" } },
          makeCall(),
        ),
      );
      expect(bench.sandbox.ledger()).toEqual([]);
      await reader.close();
    },
  );
});

describe("drafts", () => {
  const promotion = { serviceId: "UI_SALESPROMOTION", entityName: "Promotion" };
  const fields = { PromotionName: "Spring", ValidityStartDate: "2026-03-01", ValidityEndDate: "2026-05-31" };

  it("creates a draft, says what to do next, and activates it as it said", async () => {
    const created = valueOf(await bench.execute({ ...promotion, operation: "create", parameters: fields }));
    expect(created.entity).toMatchObject({ IsActiveEntity: false, PromotionName: "Spring" });
    const [, next = "{}"] = /call-sap-function (\{.*\})\.$/.exec(created.warnings?.[0] ?? "") ?? [];
    expect(next).toContain("Activate");
    const activated = valueOf(
      await invoke({ serviceId: promotion.serviceId, ...(JSON.parse(next) as Omit<Input, "serviceId">) }),
    );
    expect(activated.entity).toMatchObject({ IsActiveEntity: true, PromotionName: "Spring" });
    const { entity } = valueOf(
      await bench.execute({
        ...promotion,
        operation: "read-single",
        parameters: { PromotionUUID: created.entity?.["PromotionUUID"] },
      }),
    );
    expect(entity).toMatchObject({ IsActiveEntity: true });
  });

  it("edits what is active as a draft and activates the change", async () => {
    const { rows = [] } = valueOf(
      await bench.execute({
        ...promotion,
        operation: "read",
        queryOptions: { $filter: "IsActiveEntity eq true and HasDraftEntity eq false", $top: 1 },
      }),
    );
    const key = { PromotionUUID: rows[0]?.["PromotionUUID"] };
    const action = (name: string) => invoke({ ...promotion, function: name, key });
    const refused = await bench.execute({
      ...promotion,
      operation: "update",
      parameters: { ...key, PromotionName: "X" },
    });
    expect(failureOf(refused).kind).toBe("not-found");
    const draft = valueOf(await action("Edit"));
    expect(draft.entity).toMatchObject({ ...key, IsActiveEntity: false });
    expect(draft.warnings?.[0]).toContain("Activate");
    valueOf(
      await bench.execute({ ...promotion, operation: "update", parameters: { ...key, PromotionName: "Changed" } }),
    );
    expect(valueOf(await action("Activate")).entity).toMatchObject({ IsActiveEntity: true, PromotionName: "Changed" });
  });

  it("deletes nothing while it is open whether the draft or the active entity is meant", async () => {
    const { entity = {} } = valueOf(await bench.execute({ ...promotion, operation: "create", parameters: fields }));
    const { PromotionUUID } = entity;
    const remove = (parameters: Record<string, unknown>) =>
      bench.execute({ ...promotion, operation: "delete", parameters });
    expect(failureOf(await remove({ PromotionUUID })).guidance).toContain("IsActiveEntity");
    valueOf(await remove({ PromotionUUID, IsActiveEntity: false }));
    expect(bench.sandbox.ledger().map(({ method }) => method)).toEqual(["POST", "DELETE"]);
  });
});
