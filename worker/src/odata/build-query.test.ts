import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildQuery as build } from "./build-query.ts";
import type { QueryOptions } from "./build-query.ts";
import { customersV4, itemsV2, modelV2, modelV4, ordersV2, ordersV4 } from "./fixtures/sample-models.ts";
import type { EntitySet, ServiceModel } from "./service-model.ts";

describe("buildQuery", () => {
  it("asks V2 for the count its own way and writes spaces as %20", () => {
    expect(
      buildQuery(modelV2, ordersV2, { $filter: "Amount gt 5M and OrderId eq 'a b+c'", $top: 5, count: true }),
    ).toBe("?$filter=Amount%20gt%205M%20and%20OrderId%20eq%20'a%20b%2Bc'&$top=5&$inlinecount=allpages");
  });

  it("asks V4 for the count its own way", () => {
    expect(
      buildQuery(modelV4, customersV4, { $orderby: "name DESC, ID", $skip: 10, $search: "x y", count: true }),
    ).toBe("?$orderby=name%20desc%2CID&$skip=10&$search=x%20y&$count=true");
  });

  it("selects in V2 what it expands, else it would not come back", () => {
    expect(decoded(modelV2, itemsV2, { $select: "Position", $expand: "ToOrder,ToOrder/ToItems" })).toBe(
      "?$select=Position,ToOrder,ToOrder/ToItems&$expand=ToOrder,ToOrder/ToItems",
    );
  });

  it("follows paths through navigation properties and complex types", () => {
    expect(decoded(modelV4, customersV4, { $orderby: "address/city", $select: "*" })).toBe(
      "?$select=*&$orderby=address/city",
    );
    expect(decoded(modelV4, ordersV4, { $orderby: "customer/name descending" })).toBe("?$orderby=customer/name desc");
  });

  it.each<[ServiceModel, EntitySet, QueryOptions, string]>([
    [
      modelV4,
      ordersV4,
      { $select: "id,customer/name,customer/address/city" },
      "?$select=id&$expand=customer($select=name,address/city)",
    ],
    [
      modelV4,
      ordersV4,
      { $select: "customer/orders/amount" },
      "?$select=id,day&$expand=customer($select=ID;$expand=orders($select=amount))",
    ],
    [
      modelV4,
      ordersV4,
      { $select: "id,customer/name", $expand: "customer($expand=notes)" },
      "?$select=id&$expand=customer($select=name;$expand=notes)",
    ],
    [modelV4, customersV4, { $expand: "orders/customer,notes" }, "?$expand=orders($expand=customer),notes"],
    [modelV2, itemsV2, { $select: "Position,ToOrder/Amount" }, "?$select=Position,ToOrder/Amount&$expand=ToOrder"],
    [modelV2, itemsV2, { $expand: "ToOrder($select=Amount)" }, "?$select=*,ToOrder/Amount&$expand=ToOrder"],
  ])("expands by itself what a path in $select leads through (%#)", (model, set, options, query) => {
    expect(decoded(model, set, options)).toBe(query);
  });

  it("checks and writes the options within $expand", () => {
    const $expand = "orders($filter=amount gt 5M;$orderby=day desc;top=2;$count=true;$expand=customer($select=name))";
    expect(decoded(modelV4, customersV4, { $expand })).toBe(
      "?$expand=orders($expand=customer($select=name);$filter=amount gt 5;$orderby=day desc;$top=2;$count=true)",
    );
  });

  it.each([
    [{ $select: "nam" }, /name/],
    [{ $orderby: "name desc,statu" }, /status/],
    [{ $expand: "order" }, /orders/],
    [{ $orderby: "address/citi" }, /city/],
    [{ $expand: "orders($filter=amout gt 5)" }, /amount/],
    [{ $expand: "orders($select=amout)" }, /amount/],
    [{ $apply: "groupby((nam))" }, /name/],
  ])("names what is nearest to the unknown property in %j", (options, nearest) => {
    const outcome = build(modelV4, sourceOf(customersV4), options);
    expect(outcome.ok ? "" : outcome.failure.kind).toBe("unknown-property");
    expect(outcome.ok ? "" : outcome.failure.guidance).toMatch(nearest);
  });

  it.each([
    [{ $expand: "orders($select=id" }, "is not closed"],
    [{ $expand: "orders(id)(day)" }, "can't be read"],
    [{ $expand: "orders($top=all)" }, "can't be read"],
    [{ $expand: "orders($apply=x)" }, "can't be read"],
    [{ $orderby: "name sideways" }, "can't be read"],
  ])("refuses %j", (options, reason) => {
    const outcome = build(modelV4, sourceOf(customersV4), options);
    expect(outcome.ok ? "" : outcome.failure.message).toContain(reason);
  });

  it("refuses $search where a V2 service does not declare it", () => {
    expect(build(modelV2, sourceOf(itemsV2), { $search: "x" })).toMatchObject({ failure: { kind: "invalid-input" } });
    expect(buildQuery(modelV2, ordersV2, { $search: "x" })).toBe("?search=x");
  });

  it("refuses a list without the filter that the service wants", () => {
    const set = { ...ordersV2, requiresFilter: true, requiredFilters: ["Count"] };
    const ask = (options: QueryOptions) => build(modelV2, sourceOf(set), { ...options, count: true });
    expect(ask({ $filter: "Done" })).toMatchObject({
      failure: { message: expect.stringContaining("Count") as string },
    });
    expect(ask({ filter: { field: "Count", value: 1 } }).ok).toBe(true);
    expect(build(modelV2, { ...sourceOf(set), related: true }, { count: true }).ok).toBe(true);
  });

  it("refuses options within $expand that V2 does not have, and says what to do instead", () => {
    const outcome = build(modelV2, sourceOf(itemsV2), { $expand: "ToOrder($filter=Amount gt 5)" });
    expect(outcome).toMatchObject({ failure: { guidance: expect.stringContaining("navigation") as string } });
  });

  const hostile = fc.oneof(
    fc.string(),
    fc.string({
      unit: fc.constantFrom("&", "=", "#", "$top=0", "%26", "+", "'", "(", ")", ";", ",", "/", "\ud800", "?"),
    }),
    fc
      .tuple(
        fc.constantFrom("name", "orders", "orders("),
        fc.string({ unit: fc.constantFrom("'", ")", ";", "$top=0", "&", " ") }),
      )
      .map((it) => it.join("")),
  );

  it("keeps whatever a string holds within its own option", () => {
    fc.assert(
      fc.property(hostile, hostile, (text, $search) => {
        const filter = { field: "name", op: "eq", value: text.toWellFormed() };
        const query = buildQuery(modelV4, customersV4, { filter, $search, $top: 7 });
        expect(query).not.toContain("+");
        const url = new URL(`http://sap.invalid/Customers${query}`);
        expect(url.hash).toBe("");
        const wanted = {
          $filter: `name eq '${filter.value.replaceAll("'", "''")}'`,
          $top: "7",
          $search: $search.trim().toWellFormed(),
        };
        expect(Object.fromEntries(url.searchParams)).toEqual(
          Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== "")),
        );
      }),
    );
  });

  it.each(["$filter", "$select", "$expand", "$orderby", "$apply"] as const)(
    "refuses a hostile %s, or sends nothing but that option and what it expands",
    (option) => {
      fc.assert(
        fc.property(
          hostile,
          fc.constantFrom<[ServiceModel, EntitySet]>([modelV2, ordersV2], [modelV4, customersV4]),
          (text, [model, set]) => {
            const built = build(model, sourceOf(set), { [option]: text, $top: 7 });
            const url = new URL(`http://sap.invalid/Customers${built.ok ? built.value.text : "?$top=7"}`);
            expect(url.hash).toBe("");
            expect(url.searchParams.get("$top")).toBe("7");
            expect(
              [...url.searchParams.keys()].filter((name) => ![option, "$expand", "$select", "$top"].includes(name)),
            ).toEqual([]);
          },
        ),
        { numRuns: 500 },
      );
    },
  );
});

function sourceOf(set: EntitySet) {
  return { name: set.name, type: set.type, set };
}

function buildQuery(model: ServiceModel, set: EntitySet, options: QueryOptions): string {
  const outcome = build(model, sourceOf(set), options);
  if (!outcome.ok) throw new Error(`${outcome.failure.message} ${outcome.failure.guidance}`);
  return outcome.value.text;
}

function decoded(model: ServiceModel, set: EntitySet, options: QueryOptions): string {
  return decodeURIComponent(buildQuery(model, set, options));
}
