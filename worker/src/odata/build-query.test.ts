import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildQuery } from "./build-query.ts";
import { customersV4, itemsV2, modelV2, modelV4, ordersV2 } from "./fixtures/sample-models.ts";

describe("buildQuery", () => {
  it("asks V2 for the count its own way and writes spaces as %20", () => {
    expect(
      buildQuery(modelV2, ordersV2, { $filter: "Amount gt 5M and OrderId eq 'a b+c'", $top: 5, count: true }),
    ).toEqual({
      ok: true,
      value: "?$filter=Amount%20gt%205M%20and%20OrderId%20eq%20'a%20b%2Bc'&$top=5&$inlinecount=allpages",
    });
  });

  it("asks V4 for the count its own way", () => {
    expect(
      buildQuery(modelV4, customersV4, { $orderby: "name DESC, ID", $skip: 10, $search: "x y", count: true }),
    ).toEqual({
      ok: true,
      value: "?$orderby=name%20desc%2CID&$skip=10&$search=x%20y&$count=true",
    });
  });

  it("selects in V2 what it expands, else it would not come back", () => {
    expect(buildQuery(modelV2, itemsV2, { $select: "Position", $expand: "ToOrder,ToOrder/ToItems" })).toEqual({
      ok: true,
      value: "?$select=Position%2CToOrder%2CToOrder%2FToItems&$expand=ToOrder%2CToOrder%2FToItems",
    });
  });

  it("follows paths through navigation properties and complex types", () => {
    expect(buildQuery(modelV4, customersV4, { $orderby: "address/city", $select: "*" }).ok).toBe(true);
    expect(buildQuery(modelV2, itemsV2, { $orderby: "ToOrder/Amount desc" }).ok).toBe(true);
    expect(buildQuery(modelV4, customersV4, { $expand: "orders($select=id,day;$filter=id gt 5)" }).ok).toBe(true);
  });

  it.each([
    [{ $select: "nam" }, /name/],
    [{ $orderby: "name desc,statu" }, /status/],
    [{ $expand: "order" }, /orders/],
    [{ $orderby: "address/citi" }, /city/],
  ])("names what is nearest to the unknown property in %j", (options, nearest) => {
    const outcome = buildQuery(modelV4, customersV4, options);
    expect(outcome.ok ? "" : outcome.failure.kind).toBe("unknown-property");
    expect(outcome.ok ? "" : outcome.failure.guidance).toMatch(nearest);
  });

  it.each([
    [{ $expand: "orders($select=id" }, "is not closed"],
    [{ $expand: "orders/customer" }, "as a path"],
    [{ $orderby: "name sideways" }, "can't be read"],
  ])("refuses %j", (options, reason) => {
    const outcome = buildQuery(modelV4, customersV4, options);
    expect(outcome.ok ? "" : outcome.failure.message).toContain(reason);
  });

  it("refuses $search where a V2 service does not declare it", () => {
    expect(buildQuery(modelV2, itemsV2, { $search: "x" })).toMatchObject({ failure: { kind: "invalid-input" } });
    expect(buildQuery(modelV2, ordersV2, { $search: "x" })).toEqual({ ok: true, value: "?search=x" });
  });

  it("keeps whatever a string holds within its own option", () => {
    const hostile = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom("&", "=", "#", "$top=0", "%26", "+", "'", "\ud800", "?") }),
    );
    fc.assert(
      fc.property(hostile, hostile, ($filter, $search) => {
        const query = buildQuery(modelV4, customersV4, { $filter, $search, $top: 7 });
        if (!query.ok) throw new Error(query.failure.message);
        expect(query.value).not.toContain("+");
        const url = new URL(`http://sap.invalid/Customers${query.value}`);
        expect(url.hash).toBe("");
        const wanted = { $filter: $filter.trim().toWellFormed(), $top: "7", $search: $search.trim().toWellFormed() };
        expect(Object.fromEntries(url.searchParams)).toEqual(
          Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== "")),
        );
      }),
    );
  });
});
