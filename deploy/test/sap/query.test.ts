import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failureOf, openSapBench, valueOf } from "./sap-bench.ts";
import type { SapBench } from "./sap-bench.ts";

type Row = Record<string, unknown>;

let bench: SapBench;

beforeAll(async () => {
  bench = await openSapBench();
});

afterAll(() => bench.close());

const v2 = { serviceId: "API_SALES_ORDER_SRV", entityName: "A_SalesOrder" } as const;
const v4 = { serviceId: "API_SALESORDER", entityName: "SalesOrder" } as const;

describe.each([
  ["V2", v2, { itemSet: "A_SalesOrderItem", items: "to_Item", order: "to_SalesOrder" }],
  ["V4", v4, { itemSet: "SalesOrderItem", items: "_Item", order: "_SalesOrder" }],
] as const)("a query in %s", (_version, target, { itemSet, items, order }) => {
  it("expands by itself what a path in $select leads through", async () => {
    const $select = `SalesOrderItem,${order}/SoldToParty,${order}/TransactionCurrency`;
    const { rows } = valueOf(
      await bench.execute({ ...target, entityName: itemSet, operation: "read", queryOptions: { $select, $top: 1 } }),
    );
    expect(Object.keys(rows?.[0] ?? {}).toSorted()).toEqual(["SalesOrderItem", order].toSorted());
    expect(Object.keys(rows?.[0]?.[order] as Row).toSorted()).toEqual(["SoldToParty", "TransactionCurrency"]);
  });

  it("expands over two steps", async () => {
    const parameters = { SalesOrder: "1" };
    const $expand = `${items}/${order}`;
    const { entity } = valueOf(
      await bench.execute({ ...target, operation: "read-single", parameters, queryOptions: { $expand } }),
    );
    const [item] = (entity?.[items] ?? []) as Row[];
    expect(item?.[order]).toMatchObject({ SalesOrder: "1", SoldToParty: entity?.["SoldToParty"] });
  });

  it("reads the rows behind a navigation property with options of their own", async () => {
    const whole = valueOf(
      await bench.execute({ ...target, operation: "read", navigation: items, parameters: { SalesOrder: 1 } }),
    );
    expect(whole.total).toBe(whole.rows?.length);
    expect(whole.count).toBe(whole.total);
    expect(new Set(whole.rows?.map((it) => it["SalesOrder"]))).toEqual(new Set(["1"]));
    const material = whole.rows?.[0]?.["Material"];
    const queryOptions = { $select: "SalesOrderItem,Material", $orderby: "SalesOrderItem desc" };
    const some = valueOf(
      await bench.execute({
        ...target,
        operation: "read",
        navigation: items,
        parameters: { SalesOrder: "1" },
        filter: { field: "Material", value: material },
        queryOptions,
      }),
    );
    expect(new Set(some.rows?.map((it) => it["Material"]))).toEqual(new Set([material]));
  });

  it("brings the one entity behind a navigation property as the only row", async () => {
    const parameters = { SalesOrder: "1", SalesOrderItem: "10" };
    const read = { ...target, entityName: itemSet, operation: "read", parameters } as const;
    const related = valueOf(
      await bench.execute({ ...read, navigation: order, queryOptions: { $select: "SalesOrder" } }),
    );
    expect(related).toMatchObject({ rows: [{ SalesOrder: "1" }], count: 1, total: 1, hasMore: false });
    expect(valueOf(await bench.execute({ ...read, navigation: `${order}/${items}` })).rows?.[0]).toMatchObject({
      SalesOrder: "1",
      SalesOrderItem: "10",
    });
    expect(failureOf(await bench.execute({ ...read, navigation: order, queryOptions: { $top: 1 } })).message).toContain(
      "no use for $top",
    );
  });

  it("finds by $search", async () => {
    const found = valueOf(
      await bench.execute({ ...target, operation: "read", queryOptions: { $search: "USD", $top: 1 } }),
    );
    expect(found.total).toBeGreaterThan(0);
    expect(found.rows?.[0]?.["TransactionCurrency"]).toBe("USD");
  });

  it("answers in columns with the very same values", async () => {
    const queryOptions = { $top: 3, $expand: items };
    const { rows = [] } = valueOf(await bench.execute({ ...target, operation: "read", queryOptions }));
    const {
      columns = [],
      data = [],
      ...other
    } = valueOf(await bench.execute({ ...target, operation: "read", queryOptions, format: "columns" }));
    expect(data.map((values) => Object.fromEntries(columns.map((name, at) => [name, values[at]])))).toEqual(rows);
    expect(other).toMatchObject({ count: 3, hasMore: true, nextSkip: 3 });
    expect(other).not.toHaveProperty("rows");
  });
});

describe("$expand with options in V4", () => {
  it("filters, sorts, cuts and selects what is expanded", async () => {
    const $expand =
      "_Item($select=SalesOrderItem,NetAmount;$filter=NetAmount gt 0M;$orderby=NetAmount desc;$top=2;$expand=_SalesOrder($select=SoldToParty))";
    const { rows, warnings } = valueOf(
      await bench.execute({ ...v4, operation: "read", queryOptions: { $top: 5, $select: "SalesOrder", $expand } }),
    );
    expect(warnings?.[0]).toContain("0M → 0");
    for (const row of rows ?? []) {
      const items = row["_Item"] as Row[];
      expect(items.length).toBeLessThanOrEqual(2);
      expect(Number(items[0]?.["NetAmount"])).toBeGreaterThanOrEqual(Number(items.at(-1)?.["NetAmount"]));
      expect(Object.keys(items[0] ?? {}).toSorted()).toEqual(["NetAmount", "SalesOrderItem", "_SalesOrder"]);
    }
  });

  it("is refused in V2 with what to do instead", async () => {
    const failure = failureOf(
      await bench.execute({ ...v2, operation: "read", queryOptions: { $expand: "to_Item($top=2)" } }),
    );
    expect(failure).toMatchObject({ kind: "invalid-input", guidance: expect.stringContaining("navigation") as string });
  });
});

describe("$apply", () => {
  const $apply = "groupby((TransactionCurrency),aggregate(TotalNetAmount with sum as Total,$count as Orders))";

  it("computes totals in SAP, for the rows that a filter picks", async () => {
    const filter = { field: "SoldToParty", op: "in", value: [] as unknown[] };
    const { rows: some = [] } = valueOf(await bench.execute({ ...v4, operation: "read", queryOptions: { $top: 20 } }));
    filter.value = some.map((it) => it["SoldToParty"]);
    const { rows = [], total } = valueOf(
      await bench.execute({ ...v4, operation: "read", filter, queryOptions: { $apply, $orderby: "Orders desc" } }),
    );
    const { rows: all = [] } = valueOf(
      await bench.execute({ ...v4, operation: "read", filter, queryOptions: { $top: 10_000 } }),
    );
    expect(total).toBe(rows.length);
    for (const group of rows) {
      const members = all.filter((it) => it["TransactionCurrency"] === group["TransactionCurrency"]);
      expect(Number(group["Orders"])).toBe(members.length);
      expect(Number(group["Total"])).toBeCloseTo(
        members.reduce((sum, it) => sum + Number(it["TotalNetAmount"]), 0),
        2,
      );
      expect(typeof group["Total"]).toBe("string");
    }
  });

  it("warns of amounts in several currencies that are added up", async () => {
    const { warnings } = valueOf(
      await bench.execute({
        ...v4,
        operation: "read",
        queryOptions: { $apply: "groupby((SoldToParty),aggregate(TotalNetAmount with sum as Total))" },
      }),
    );
    expect(warnings?.[0]).toContain("different TransactionCurrency");
  });

  it("is refused in V2, and for a property that is not there", async () => {
    const wrong = { $apply: $apply.replace("TotalNetAmount", "NetAmount") };
    expect(failureOf(await bench.execute({ ...v2, operation: "read", queryOptions: { $apply } })).kind).toBe(
      "invalid-input",
    );
    expect(failureOf(await bench.execute({ ...v4, operation: "read", queryOptions: wrong }))).toMatchObject({
      kind: "unknown-property",
      guidance: expect.stringContaining("TotalNetAmount") as string,
    });
  });
});
