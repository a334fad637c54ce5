import { callFunction } from "@sap-mcp/worker/sap/call-function.ts";
import { executeBatch } from "@sap-mcp/worker/sap/execute-batch.ts";
import { getSchema } from "@sap-mcp/worker/sap/get-schema.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failureOf, makeCall, openSapBench, valueOf } from "./sap-bench.ts";
import type { SapBench } from "./sap-bench.ts";

let bench: SapBench;

beforeEach(async () => {
  bench = await openSapBench();
});

afterEach(() => bench.close());

describe.each([
  { version: "V2", serviceId: "API_SALES_ORDER_SRV", order: "A_SalesOrder", items: "to_Item", set: "A_SalesOrderItem" },
  { version: "V4", serviceId: "API_SALESORDER", order: "SalesOrder", items: "_Item", set: "SalesOrderItem" },
])("a change in $version", ({ serviceId, order, items, set }) => {
  const execute = (
    operation: "read-single" | "create" | "update" | "replace" | "delete",
    parameters: object,
    more = {},
  ) => bench.execute({ serviceId, entityName: order, operation, parameters: { ...parameters }, ...more });
  const key = { SalesOrder: "4001" };

  it("stores in capitals what SAP keeps so, and says it, by itself and in a batch", async () => {
    const fields = { SalesOrderType: "or", SalesOrganization: "1010", SoldToParty: "10000001" };
    const parameters = { ...fields, [items]: [{ Material: "tg0352", RequestedQuantity: "1" }] };
    const created = valueOf(await execute("create", parameters));
    expect(created.entity).toMatchObject({ SalesOrderType: "OR" });
    expect(created.warnings?.[0]).toMatch(/capital.*SalesOrderType "or" → "OR", Material "tg0352" → "TG0352"/);
    const requests = [{ operation: "create" as const, entityName: order, parameters }];
    const [result] = valueOf(await executeBatch(bench.sap, { serviceId, requests }, makeCall())).results;
    expect(result).toMatchObject({ entity: { SalesOrderType: "OR" }, warnings: created.warnings });
  });

  it("names a value that is too long before SAP is asked", async () => {
    const failure = failureOf(await execute("update", { ...key, PurchaseOrderByCustomer: "x".repeat(61) }));
    expect(failure).toMatchObject({
      kind: "invalid-input",
      message: "PurchaseOrderByCustomer takes 35 characters at most, and not 61.",
    });
    expect(failureOf(await execute("delete", { SalesOrder: "0".repeat(11) })).message).toContain("10 characters");
  });

  it("says where to change items that are given with their order", async () => {
    const failure = failureOf(await execute("update", { ...key, [items]: [{ SalesOrderItem: "10" }] }));
    expect(failure.message).toContain("Nested updates are not possible");
    expect(failure.guidance).toContain(`entities of ${set} themselves, several at once with execute-sap-batch`);
  });

  it.each(["update", "replace", "delete"] as const)("names the key that %s did not find", async (operation) => {
    const more = operation === "delete" ? {} : { PurchaseOrderByCustomer: "x" };
    const failure = failureOf(await execute(operation, { SalesOrder: "0000004001", ...more }));
    expect(failure).toMatchObject({
      kind: "not-found",
      message: expect.stringContaining(`${order} has no entity with the key SalesOrder "0000004001".`) as string,
      guidance: expect.stringMatching(/exactly.*leading zeros/) as string,
    });
  });

  it("is refused under an etag from before somebody else's change, with what stands there now", async () => {
    const read = valueOf(await execute("read-single", key));
    expect(read.etag).toMatch(/^W\//);
    const theirs = valueOf(await execute("update", { ...key, PurchaseOrderByCustomer: "THEIRS" }, { etag: read.etag }));
    expect(theirs.etag).not.toBe(read.etag);
    for (const [operation, more, now] of [
      ["update", { PurchaseOrderByCustomer: "MINE" }, 'PurchaseOrderByCustomer: "THEIRS"'],
      ["replace", { PurchaseOrderByCustomer: "MINE" }, 'PurchaseOrderByCustomer: "THEIRS"'],
      ["delete", {}, "LastChangeDateTime: "],
    ] as const) {
      const failure = failureOf(await execute(operation, { ...key, ...more }, { etag: read.etag }));
      expect(failure.kind).toBe("conflict");
      expect(failure.message).toContain(now);
    }
    expect(
      valueOf(await execute("update", { ...key, PurchaseOrderByCustomer: "MINE" }, { etag: theirs.etag })).entity,
    ).toMatchObject({
      PurchaseOrderByCustomer: "MINE",
    });
    expect(bench.sandbox.ledger()).toHaveLength(2);
  });

  it("does not take a text for an etag that would break out of its header", async () => {
    const failure = failureOf(await execute("delete", key, { etag: 'W/"1"\r\nx-evil: 1' }));
    expect(failure.kind).toBe("invalid-input");
    expect(bench.sandbox.ledger()).toEqual([]);
  });
});

describe("a draft", () => {
  const target = { serviceId: "UI_SALESPROMOTION", entityName: "Promotion" };
  const call = (name: string, key: object) =>
    callFunction(
      bench.sap,
      { serviceId: target.serviceId, function: name, entityName: "Promotion", key: { ...key } },
      makeCall(),
    );
  const active = async () => {
    const filter = { field: "IsActiveEntity", op: "eq", value: true };
    const { rows = [] } = valueOf(
      await bench.execute({ ...target, operation: "read", filter, queryOptions: { $top: 1 } }),
    );
    return { PromotionUUID: rows[0]?.["PromotionUUID"] };
  };

  it("is made by Edit, and a change without one says so, also in a batch", async () => {
    const key = await active();
    const parameters = { ...key, PromotionName: "Changed" };
    const failure = failureOf(await bench.execute({ ...target, operation: "update", parameters }));
    expect(failure.message).toContain("There is no draft of Promotion");
    expect(failure.guidance).toContain(
      `call Edit first, call-sap-function {"function":"Edit","entityName":"Promotion"`,
    );
    const requests = [{ operation: "update" as const, entityName: "Promotion", parameters }];
    const input = { serviceId: target.serviceId, requests };
    const [result] = valueOf(await executeBatch(bench.sap, input, makeCall())).results;
    expect(result?.failure).toMatchObject({ kind: "not-found", message: failure.message, guidance: failure.guidance });
  });

  it("is meant by changes and by its own actions, the active entity by all else, delete by neither, as the schema says", async () => {
    const key = await active();
    const { draft } = valueOf(await getSchema(bench.sap, target, makeCall()));
    expect(draft).toContain(
      "Without IsActiveEntity in the key, update, replace, Activate, Prepare, Discard mean the draft and all else the active entity; delete must say which.",
    );
    expect(valueOf(await call("Edit", key)).entity).toMatchObject({ IsActiveEntity: false });
    const changed = await bench.execute({
      ...target,
      operation: "update",
      parameters: { ...key, PromotionName: "Changed" },
    });
    expect(valueOf(changed).entity).toMatchObject({ IsActiveEntity: false, PromotionName: "Changed" });
    const read = await bench.execute({ ...target, operation: "read-single", parameters: key });
    expect(valueOf(read).entity).toMatchObject({ IsActiveEntity: true });
    expect(failureOf(await bench.execute({ ...target, operation: "delete", parameters: key })).kind).toBe(
      "invalid-input",
    );
    expect(valueOf(await call("Prepare", key)).entity).toMatchObject({ IsActiveEntity: false });
    expect(valueOf(await call("Activate", key)).entity).toMatchObject({
      IsActiveEntity: true,
      PromotionName: "Changed",
    });
  });
});
