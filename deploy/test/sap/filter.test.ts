import type { InputOf } from "@sap-mcp/shared/contracts/define-job.ts";
import type { executeEntityOperation } from "@sap-mcp/shared/contracts/execute-entity-operation.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failureOf, openSapBench, settings, valueOf } from "./sap-bench.ts";
import type { SapBench } from "./sap-bench.ts";

type Input = InputOf<typeof executeEntityOperation>;
type Row = Record<string, unknown>;

let bench: SapBench;
/** All orders as the service shows them, to compute in the test what a filter must bring. */
const orders = new Map<string, readonly Row[]>();

beforeAll(async () => {
  bench = await openSapBench({
    read: { ...settings.read, maxBytes: 100_000_000, maxRows: 100_000, maxChars: 100_000_000 },
  });
  for (const target of [v2, v4]) orders.set(target.entityName, await rowsOf(target, {}));
});

afterAll(() => bench.close());

const v2 = { serviceId: "API_SALES_ORDER_SRV", entityName: "A_SalesOrder" } as const;
const v4 = { serviceId: "API_SALESORDER", entityName: "SalesOrder" } as const;
type Target = typeof v2 | typeof v4;

async function rowsOf(target: Target, input: Partial<Input>): Promise<readonly Row[]> {
  const queryOptions = { $top: 100_000, ...input.queryOptions };
  const page = valueOf(await bench.execute({ ...target, operation: "read", ...input, queryOptions }));
  expect(page.hasMore || page.total).toBe(input.queryOptions?.$top === undefined ? page.rows?.length : true);
  return page.rows ?? [];
}

const textOf = (row: Row, name: string) => String(row[name]);
const amount = (row: Row) => Number(row["TotalNetAmount"]);
const day = (row: Row) => textOf(row, "SalesOrderDate").slice(0, 10);

describe.each([
  ["V2", v2],
  ["V4", v4],
] as const)("a filter in JSON in %s", (_version, target) => {
  it.each<[unknown, (row: Row) => boolean]>([
    [{ field: "TransactionCurrency", op: "eq", value: "USD" }, (it) => it["TransactionCurrency"] === "USD"],
    [{ field: "TransactionCurrency", op: "ne", value: "USD" }, (it) => it["TransactionCurrency"] !== "USD"],
    [{ field: "TotalNetAmount", op: "gt", value: 500_000 }, (it) => amount(it) > 500_000],
    [{ field: "TotalNetAmount", op: "ge", value: "813620.07" }, (it) => amount(it) >= 813_620.07],
    [{ field: "SalesOrderDate", op: "lt", value: "2022-01-01" }, (it) => day(it) < "2022-01-01"],
    [{ field: "SalesOrderDate", op: "le", value: "2021-09-27" }, (it) => day(it) <= "2021-09-27"],
    [
      { field: "LastChangeDateTime", op: "ge", value: "2024-01-01T00:00:00Z" },
      (it) => textOf(it, "LastChangeDateTime") >= "2024-01-01",
    ],
    [
      { field: "SalesOrderInternalID", value: "9007199254741993" },
      (it) => it["SalesOrderInternalID"] === "9007199254741993",
    ],
    [{ field: "CompleteDeliveryIsDefined", value: true }, (it) => it["CompleteDeliveryIsDefined"] === true],
    [{ field: "CreationTime", op: "lt", value: "09:00" }, (it) => /^(PT)?0[0-8]/.test(textOf(it, "CreationTime"))],
    [
      { field: "PurchaseOrderByCustomer", op: "contains", value: "ung 1001" },
      (it) => textOf(it, "PurchaseOrderByCustomer").includes("ung 1001"),
    ],
    [{ field: "SalesOrder", op: "startswith", value: "12" }, (it) => textOf(it, "SalesOrder").startsWith("12")],
    [{ field: "SalesOrder", op: "endswith", value: "7" }, (it) => textOf(it, "SalesOrder").endsWith("7")],
    [
      { field: "SalesOrder", op: "in", value: ["1", "2", "3"] },
      (it) => ["1", "2", "3"].includes(textOf(it, "SalesOrder")),
    ],
    [{ field: "RequestedDeliveryDate", op: "ne", value: null }, (it) => it["RequestedDeliveryDate"] !== null],
    [{ not: { field: "TransactionCurrency", value: "EUR" } }, (it) => it["TransactionCurrency"] !== "EUR"],
    [
      {
        and: [
          {
            or: [
              { field: "TransactionCurrency", value: "USD" },
              { field: "TransactionCurrency", value: "JPY" },
            ],
          },
          { field: "OverallSDProcessStatus", value: "A" },
        ],
      },
      (it) => ["USD", "JPY"].includes(textOf(it, "TransactionCurrency")) && it["OverallSDProcessStatus"] === "A",
    ],
  ])("brings the rows of %j and no other", async (filter, matches) => {
    const found = await rowsOf(target, { filter: filter as Row });
    const wanted = (orders.get(target.entityName) ?? []).filter(matches);
    expect(wanted.length).toBeGreaterThan(0);
    const ordersOf = (rows: readonly Row[]) => new Set(rows.map((it) => it["SalesOrder"]));
    expect(ordersOf(found)).toEqual(ordersOf(wanted));
    expect(found).toHaveLength(wanted.length);
  });

  it("follows a path to the one entity behind it", async () => {
    const [entityName, order] =
      target === v2 ? (["A_SalesOrderItem", "to_SalesOrder"] as const) : (["SalesOrderItem", "_SalesOrder"] as const);
    const filter = {
      and: [
        { field: `${order}/TransactionCurrency`, value: "JPY" },
        { field: "SalesOrder", op: "in", value: ["1", "2", "3", "4", "5", "6"] },
      ],
    };
    const { rows } = valueOf(await bench.execute({ ...target, entityName, operation: "read", filter }));
    const inYen = (orders.get(target.entityName) ?? [])
      .slice(0)
      .filter((it) => it["TransactionCurrency"] === "JPY" && Number(it["SalesOrder"]) <= 6);
    expect(new Set(rows?.map((it) => it["SalesOrder"]))).toEqual(new Set(inYen.map((it) => it["SalesOrder"])));
  });

  it("lets no value break out of its literal", async () => {
    for (const value of ["' or 'a' eq 'a", "x%27 or 1 eq 1", "&$top=1", "O''Neil", "\\' or true", "ä#?/"]) {
      expect(await rowsOf(target, { filter: { field: "PurchaseOrderByCustomer", value } })).toEqual([]);
    }
  });
});

describe("any and all in V4", () => {
  it("ask about the entities behind a navigation property", async () => {
    const [one] = await rowsOf(v4, { queryOptions: { $top: 1, $expand: "_Item" } });
    const [item] = (one?.["_Item"] ?? []) as Row[];
    const filter = {
      field: "_Item",
      any: {
        and: [
          { field: "Material", value: item?.["Material"] },
          { field: "SalesOrder", value: one?.["SalesOrder"] },
        ],
      },
    };
    expect((await rowsOf(v4, { filter })).map((it) => it["SalesOrder"])).toEqual([one?.["SalesOrder"]]);
    const without = await rowsOf(v4, { filter: { not: { field: "_Item", any: {} } } });
    const all = await rowsOf(v4, { filter: { field: "_Item", all: { field: "Material", value: "nothing" } } });
    expect(all.map((it) => it["SalesOrder"])).toEqual(without.map((it) => it["SalesOrder"]));
  });
});

describe("a filter in text", () => {
  it.each([
    [
      v2,
      'TotalNetAmount > 500000 && TransactionCurrency == "EUR"',
      "TotalNetAmount gt 500000M and TransactionCurrency eq 'EUR'",
    ],
    [
      v2,
      "SalesOrderDate lt 2022-01-01 and contains(SalesOrder,'1')",
      "SalesOrderDate lt datetime'2022-01-01T00:00:00' and substringof('1',SalesOrder)",
    ],
    [
      v4,
      "SalesOrderDate lt datetime'2022-01-01T00:00:00' and substringof('1',SalesOrder)",
      "SalesOrderDate lt 2022-01-01 and contains(SalesOrder,'1')",
    ],
    [
      v4,
      "TotalNetAmount gt 500000M and CompleteDeliveryIsDefined eq 'true'",
      "TotalNetAmount gt 500000 and CompleteDeliveryIsDefined eq true",
    ],
  ])("of another dialect is mended, and the answer says how (%#)", async (target, wrong, right) => {
    const read = (text: string) => bench.execute({ ...target, operation: "read", queryOptions: { $filter: text } });
    const [mended, straight] = [valueOf(await read(wrong)), valueOf(await read(right))];
    expect(mended.total).toBeGreaterThan(0);
    expect(mended.rows).toEqual(straight.rows);
    expect(mended.warnings?.[0]).toContain(`Sent: $filter=${right}`);
    expect(straight).not.toHaveProperty("warnings");
  });

  it("names the property that was probably meant, without asking SAP", async () => {
    const before = bench.sandbox.stats().requests;
    const failure = failureOf(
      await bench.execute({ ...v2, operation: "read", queryOptions: { $filter: "NetAmount gt 5" } }),
    );
    expect(failure).toMatchObject({
      kind: "unknown-property",
      guidance: expect.stringContaining("TotalNetAmount") as string,
    });
    expect(bench.sandbox.stats().requests).toBe(before);
  });

  it("on a field that the service declares not filterable is refused with that reason", async () => {
    for (const [target, entityName] of [
      [v2, "A_SalesOrderChangeDocument"],
      [v4, "SalesOrderChangeDocument"],
    ] as const) {
      const failure = failureOf(
        await bench.execute({ ...target, entityName, operation: "read", filter: { field: "OldValue", value: "x" } }),
      );
      expect(failure.message).toContain("OldValue is not filterable");
    }
  });
});
