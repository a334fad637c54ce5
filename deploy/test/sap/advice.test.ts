import { executeEntityOperation } from "@sap-mcp/shared/contracts/execute-entity-operation.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failureOf, openSapBench, valueOf } from "./sap-bench.ts";
import type { SapBench } from "./sap-bench.ts";

type Row = Record<string, unknown>;
type Input = Parameters<SapBench["execute"]>[0];

let bench: SapBench;

beforeAll(async () => {
  bench = await openSapBench();
});

afterAll(() => bench.close());

const v2 = { serviceId: "API_SALES_ORDER_SRV", entityName: "A_SalesOrder" } as const;
const v4 = { serviceId: "API_SALESORDER", entityName: "SalesOrder" } as const;
const partners = { serviceId: "API_BUSINESSPARTNER", entityName: "BusinessPartner" } as const;

const read = async (target: typeof v2 | typeof v4 | typeof partners, input: Partial<Input> = {}) =>
  bench.execute({ ...target, operation: "read", ...input });

it("takes $count as it is mostly written, though a total comes anyway", async () => {
  const input = executeEntityOperation.input.parse({
    ...v4,
    operation: "read",
    queryOptions: { $count: "true", $top: 1 },
  });
  expect(valueOf(await bench.execute(input))).toMatchObject({ count: 1, total: expect.any(Number) as number });
});

describe.each([
  ["V2", v2, { items: "to_Item", itemSet: "A_SalesOrderItem", order: "to_SalesOrder" }],
  ["V4", v4, { items: "_Item", itemSet: "SalesOrderItem", order: "_SalesOrder" }],
] as const)("a read in %s", (_version, target, { items, itemSet, order }) => {
  it("names what navigation led to", async () => {
    const parameters = { SalesOrder: "1" };
    expect(valueOf(await read(target, { parameters, navigation: items, queryOptions: { $top: 1 } }))).toMatchObject({
      entitySet: itemSet,
      navigation: items,
    });
    const item = { ...target, entityName: itemSet, parameters: { SalesOrder: "1", SalesOrderItem: "10" } };
    const related = await bench.execute({
      ...item,
      operation: "read",
      navigation: order,
      queryOptions: { $count: true },
    });
    expect(valueOf(related)).toMatchObject({ entitySet: target.entityName, navigation: order, count: 1 });
  });

  it("by key points to the operation that takes navigation", async () => {
    const failure = failureOf(
      await bench.execute({ ...target, operation: "read-single", parameters: { SalesOrder: "1" }, navigation: items }),
    );
    expect(failure.guidance).toContain("Use operation read");
  });

  it("by a key that is not there says how keys are compared", async () => {
    const failure = failureOf(
      await bench.execute({ ...target, operation: "read-single", parameters: { SalesOrder: "0000000001" } }),
    );
    expect(failure).toMatchObject({ kind: "not-found" });
    expect(failure.guidance).toMatch(/exactly.* with or without leading zeros.* filter/);
    expect(failure.guidance).not.toContain("$filter");
  });

  it("says that a text is too long for the code that it stands for, and what the codes mean", async () => {
    const filter = { field: "SalesDocApprovalStatus", op: "eq", value: "In approval" };
    const { total, warnings } = valueOf(await read(target, { filter }));
    expect(total).toBe(0);
    expect(warnings).toEqual([
      expect.stringMatching(/No row has "In approval" in SalesDocApprovalStatus, which holds 1 character at most\. ./),
    ]);
  });

  it("names the entity set that lacks a property, and the path behind which another one does", async () => {
    const failed = async ($select: string) => failureOf(await read(target, { queryOptions: { $select } }));
    expect(await failed("SoldToPaty")).toMatchObject({
      message: `SoldToPaty is not a property of ${target.entityName}.`,
      guidance: expect.stringMatching(/^Nearest: SoldToParty/) as string,
    });
    expect(await failed(`${items}/Colour`)).toMatchObject({
      message: `Colour is not a property of ${items}.`,
      guidance: expect.stringMatching(/^No name is near\. get-entity-schema .*query/) as string,
    });
  });
});

it("that finds nothing by a part of a text says how to search without regard to case", async () => {
  const { rows } = valueOf(await read(partners, { queryOptions: { $top: 1, $select: "BusinessPartnerFullName" } }));
  const name = String(rows?.[0]?.["BusinessPartnerFullName"]);
  const filter = { field: "BusinessPartnerFullName", op: "startswith", value: name.toUpperCase() };
  const { total, warnings } = valueOf(await read(partners, { filter }));
  expect([total, warnings]).toEqual([0, [expect.stringMatching(/"ignoreCase":true.*tolower/)]]);
  const caseless = valueOf(await read(partners, { filter: { ...filter, ignoreCase: true } }));
  expect(caseless.total).toBeGreaterThan(0);
  expect(caseless).not.toHaveProperty("warnings");
});

describe("what is expanded in part", () => {
  const expanded = async ($expand: string) =>
    valueOf(await read(v4, { queryOptions: { $top: 5, $select: "SalesOrder", $expand } }));

  it("is told, with how much there is", async () => {
    const whole = await expanded("_Item");
    expect(whole).not.toHaveProperty("warnings");
    const sizes = whole.rows?.map((it) => (it["_Item"] as Row[]).length) ?? [];
    const part = await expanded("_Item($select=Material;$top=1)");
    expect(part.rows?.map((it) => it["_Item@count"])).toEqual(sizes);
    const cut = sizes.filter((it) => it > 1).length;
    expect(cut).toBeGreaterThan(0);
    expect(part.warnings).toEqual([expect.stringContaining(`_Item of ${cut} of 5 entities is cut`)]);
  });

  it("is told where SAP does not say how much there is", async () => {
    const { rows, warnings } = await expanded("_Item($top=1;$count=false)");
    expect(rows?.[0]).not.toHaveProperty("_Item@count");
    expect(warnings).toEqual([expect.stringContaining("_Item of 5 of 5 entities may be cut")]);
  });

  it("is counted where that is all that is asked", async () => {
    const { rows, warnings } = await expanded("_Item($count=true)");
    expect(rows?.map((it) => it["_Item@count"])).toEqual(rows?.map((it) => (it["_Item"] as Row[]).length));
    expect(warnings).toBeUndefined();
  });
});

describe("an aggregation that SAP refuses", () => {
  const refused = async (target: typeof v4 | typeof partners, queryOptions: object) =>
    failureOf(await read(target, { queryOptions }));

  it("for a path says how to come by the names", async () => {
    const failure = await refused(v4, { $apply: "groupby((_SoldToParty/BusinessPartnerFullName))" });
    expect(failure.message).toContain("_SoldToParty/BusinessPartnerFullName");
    expect(failure.guidance).toMatch(/group by the field.* filter with op "in"/);
    const undeclared = await refused(v4, { $apply: "groupby((SoldToParty/BusinessPartnerFullName))" });
    expect(undeclared.guidance).toMatch(/filter with op "in"/);
  });

  it("for the entity set says that it can't, and what to do instead", async () => {
    const failure = await refused(partners, { $apply: "groupby((BusinessPartnerCategory))" });
    expect(failure.guidance).toMatch(/BusinessPartner cannot aggregate.*\$select, page by page/);
  });

  it("is doubted at once where $select is wrong beside it", async () => {
    const options = { $apply: "groupby((BusinessPartnerCategory))", $select: "BusinessPartner" };
    expect(await refused(partners, options)).toMatchObject({
      message: "$select names BusinessPartner, but the rows of $apply hold BusinessPartnerCategory alone.",
      guidance: expect.stringMatching(
        /Leave \$select out.*does not declare that BusinessPartner can aggregate/,
      ) as string,
    });
  });
});
