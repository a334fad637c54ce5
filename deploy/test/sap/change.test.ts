import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failureOf, openSapBench, valueOf } from "./sap-bench.ts";
import type { SapBench } from "./sap-bench.ts";

let bench: SapBench;

beforeEach(async () => {
  bench = await openSapBench();
});

afterEach(() => bench.close());

const header = { SalesOrderType: "OR", SalesOrganization: "1010" };

describe.each([
  {
    version: "V2",
    serviceId: "API_SALES_ORDER_SRV",
    order: "A_SalesOrder",
    item: "A_SalesOrderItem",
    items: "to_Item",
  },
  { version: "V4", serviceId: "API_SALESORDER", order: "SalesOrder", item: "SalesOrderItem", items: "_Item" },
])("changing sales orders in $version", ({ serviceId, order, item, items }) => {
  const anOrder = async () => {
    const { rows = [] } = valueOf(
      await bench.execute({
        serviceId,
        entityName: item,
        operation: "read",
        queryOptions: { $top: 200, $select: "SalesOrder,Material,SDProcessStatus" },
      }),
    );
    const open = rows.find((row) => row["SDProcessStatus"] === "A");
    const { entity = {} } = valueOf(
      await bench.execute({
        serviceId,
        entityName: order,
        operation: "read-single",
        parameters: { SalesOrder: open?.["SalesOrder"] },
      }),
    );
    return { SoldToParty: entity["SoldToParty"], Material: open?.["Material"] };
  };

  const create = async (positions: number) => {
    const { SoldToParty, Material } = await anOrder();
    return valueOf(
      await bench.execute({
        serviceId,
        entityName: order,
        operation: "create",
        parameters: {
          ...header,
          SoldToParty,
          PurchaseOrderByCustomer: "MAIL",
          [items]: Array.from({ length: positions }, () => ({ Material, RequestedQuantity: "2" })),
        },
      }),
    );
  };

  it("creates an order with its items in one go", async () => {
    const { entity = {} } = await create(3);
    expect(entity["SalesOrder"]).toMatch(/^\d+$/);
    expect(bench.sandbox.ledger()).toHaveLength(1);
    const { total } = valueOf(
      await bench.execute({
        serviceId,
        entityName: item,
        operation: "read",
        queryOptions: { $filter: `SalesOrder eq '${String(entity["SalesOrder"])}'` },
      }),
    );
    expect(total).toBe(3);
  });

  it("adds an item to an order that is there", async () => {
    const { entity: created = {} } = await create(1);
    const { Material } = await anOrder();
    const added = valueOf(
      await bench.execute({
        serviceId,
        entityName: order,
        operation: "create",
        navigation: items,
        parameters: { SalesOrder: created["SalesOrder"], Material, RequestedQuantity: "5" },
      }),
    );
    expect(added.entity).toMatchObject({ SalesOrder: created["SalesOrder"], SalesOrderItem: "20" });
  });

  it("replaces an order, and says which fields were emptied by that", async () => {
    const { entity: created = {} } = await create(1);
    const replaced = valueOf(
      await bench.execute({
        serviceId,
        entityName: order,
        operation: "replace",
        parameters: { SalesOrder: created["SalesOrder"], CustomerPaymentTerms: "0002" },
      }),
    );
    expect(bench.sandbox.ledger().at(-1)?.method).toBe("PUT");
    expect(replaced.entity).toMatchObject({ CustomerPaymentTerms: "0002", PurchaseOrderByCustomer: "" });
    expect(replaced.warnings?.join()).toContain('PurchaseOrderByCustomer: "MAIL" → ""');
  });

  it.each([
    [
      { operation: "update", parameters: { SalesOrder: "1", SalesOrderUUID: "x", TotalNetAmount: "1" } },
      "TotalNetAmount",
    ],
    [{ operation: "replace", parameters: { SalesOrder: "1", Sold_ToParty: "x" } }, "Sold_ToParty"],
    [{ operation: "create", parameters: { ...header, SoldToParty: "1", TotalNetAmount: "1" } }, "TotalNetAmount"],
    [
      { operation: "create", parameters: { ...header, SoldToParty: "1", [items]: [{ Material: "1", Amount: 1 }] } },
      "Amount",
    ],
    [
      { operation: "create", parameters: { ...header, SoldToParty: "1", [items]: [{ Material: 1, NetAmount: 1 }] } },
      "NetAmount",
    ],
    [{ operation: "create", parameters: { ...header, SoldToParty: "1", [items]: { Material: "1" } } }, "array"],
  ] as const)("names what is wrong in %j before SAP is asked", async (input, name) => {
    const failure = failureOf(await bench.execute({ serviceId, entityName: order, ...input }));
    expect(["invalid-input", "unknown-property"]).toContain(failure.kind);
    expect(failure.message).toContain(name);
    expect(Object.keys(bench.sandbox.stats().byPath).filter((path) => path.includes(order))).toEqual([]);
  });
});

it("names the fields that V4 declares mandatory before SAP is asked", async () => {
  const failure = failureOf(
    await bench.execute({
      serviceId: "API_SALESORDER",
      entityName: "SalesOrder",
      operation: "create",
      parameters: { SalesOrderType: "OR" },
    }),
  );
  expect(failure).toMatchObject({
    kind: "invalid-input",
    message: expect.stringContaining("SalesOrganization, SoldToParty must be given") as string,
  });
});
