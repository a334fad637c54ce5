import { describe, expect, it } from "vitest";
import { compileFilter as compile } from "./compile-filter.ts";
import type { CompiledFilter, GivenFilter } from "./compile-filter.ts";
import { customersV4, modelV2, modelV4, ordersV2, ordersV4 } from "./fixtures/sample-models.ts";
import { settleQuery } from "./refused-query.ts";
import type { EntitySet } from "./service-model.ts";

describe("a filter in JSON", () => {
  it.each<[unknown, string]>([
    [{ field: "OrderId", op: "eq", value: "O'Neil" }, "OrderId eq 'O''Neil'"],
    [{ field: "OrderId", value: 4711 }, "OrderId eq '4711'"],
    [{ field: "Amount", op: "gt", value: "12.5" }, "Amount gt 12.5M"],
    [{ field: "Big", op: ">=", value: "9223372036854775807" }, "Big ge 9223372036854775807L"],
    [{ field: "CreatedAt", op: "lt", value: "2026-01-31" }, "CreatedAt lt datetime'2026-01-31T00:00:00'"],
    [{ field: "CreatedAt", op: "ne", value: null }, "CreatedAt ne null"],
    [
      { field: "Id", value: "0050568d-393c-1ed4-9d97-e65f0f3fcc23" },
      "Id eq guid'0050568d-393c-1ed4-9d97-e65f0f3fcc23'",
    ],
    [{ field: "Done", op: "le", value: true }, "Done le true"],
    [{ field: "OrderId", op: "contains", value: "x" }, "substringof('x',OrderId)"],
    [{ field: "OrderId", op: "startswith", value: "x" }, "startswith(OrderId,'x')"],
    [{ field: "OrderId", op: "endswith", value: "X", ignoreCase: true }, "endswith(tolower(OrderId),'x')"],
    [{ field: "OrderId", op: "in", value: ["a", "b"] }, "(OrderId eq 'a' or OrderId eq 'b')"],
    [{ not: { field: "OrderId", value: ["a"] } }, "not ((OrderId eq 'a'))"],
    [
      {
        and: [
          {
            or: [
              { field: "Count", value: 1 },
              { field: "Count", value: 2 },
            ],
          },
          { field: "Done", value: false },
        ],
      },
      "(Count eq 1 or Count eq 2) and Done eq false",
    ],
  ])("is written for V2: %j", (json, text) => {
    expect(textOf(ordersV2, { json })).toBe(text);
  });

  it.each<[EntitySet, unknown, string]>([
    [customersV4, { field: "name", op: "contains", value: "x" }, "contains(name,'x')"],
    [customersV4, { field: "status", op: "in", value: ["Open"] }, "status in (my.model.Status'Open')"],
    [customersV4, { field: "address/city", op: "ne", value: "" }, "address/city ne ''"],
    [customersV4, { field: "orders", any: {} }, "orders/any()"],
    [customersV4, { field: "tags", all: { op: "ne", value: "a" } }, "tags/all(x0:x0 ne 'a')"],
    [
      customersV4,
      {
        field: "orders",
        any: {
          and: [
            { field: "amount", op: "gt", value: 5 },
            { field: "customer/orders", all: { field: "day", value: "2026-01-31" } },
          ],
        },
      },
      "orders/any(x0:x0/amount gt 5 and x0/customer/orders/all(x2:x2/day eq 2026-01-31))",
    ],
    [ordersV4, { field: "took", op: "gt", value: "PT1H" }, "took gt duration'PT1H'"],
    [ordersV4, { field: "at", op: "ge", value: "08:00" }, "at ge 08:00:00"],
    [ordersV4, { field: "customer/name", value: "x" }, "customer/name eq 'x'"],
  ])("is written for V4 (%#)", (set, json, text) => {
    expect(textOf(set, { json })).toBe(text);
  });

  it("holds together with a filter in text", () => {
    expect(textOf(ordersV2, { json: { field: "Count", value: 1 }, text: "Count eq 2 or Done" })).toBe(
      "(Count eq 1) and (Count eq 2 or Done)",
    );
  });

  it.each<[unknown, RegExp]>([
    [{ field: "OrderID", value: "x" }, /OrderID is not a property.*OrderId/],
    [{ field: "Count", value: "five" }, /Count: "five" is no value of type Edm.Int32/],
    [{ field: "Count", op: "gt", value: null }, /gt can't compare Count with null/],
    [{ field: "Count", op: "contains", value: "5" }, /contains works on text; Count is Edm.Int32/],
    [
      { field: "OrderId", op: "between", value: ["1", "5"] },
      /"between" is no operator.*Operators: eq, .*startswith, .*in\./,
    ],
    [{ field: "OrderId", op: "isnull" }, /"isnull" is no operator/],
    [{ field: "OrderId", op: "in", value: [] }, /in wants a list/],
    [{ field: "OrderId", op: "gt", value: ["a"] }, /gt wants one value/],
    [{ field: "OrderId", value: { a: 1 } }, /OrderId: an object is no value/],
    [{ field: "OrderId" }, /has no value/],
    [{ OrderId: "x" }, /can't hold "OrderId".*"op":"eq"/],
    [{ and: [] }, /and must be a list/],
    [{ and: [{ field: "Count", value: 1 }], field: "Count" }, /can't hold "field" beside and/],
    [{ or: ["Count eq 1"] }, /is no object: "Count eq 1"/],
    [{ field: "ToItems", any: { field: "Position", value: 1 } }, /OData V2 has no any/],
    [{ field: "ToItems/Position", value: 1 }, /ToItems leads to many entities/],
  ])("is refused with a reason: %j", (json, reason) => {
    expect(reasonOf(ordersV2, { json })).toMatch(reason);
  });

  it("says that a field is not filterable", () => {
    const set = { ...ordersV2, notFilterable: ["Count"] };
    expect(reasonOf(set, { json: { field: "Count", value: 1 } })).toMatch(/declares that Count is not filterable/);
  });

  it("writes a value in capitals where SAP keeps nothing else, and says so", () => {
    const { properties } = ordersV2.type;
    const upper = {
      ...(properties.get("OrderId") as NonNullable<ReturnType<typeof properties.get>>),
      upperCase: true as const,
    };
    const set = { ...ordersV2, type: { ...ordersV2.type, properties: new Map([...properties, ["OrderId", upper]]) } };
    const { text, corrections } = compiled(set, { json: { field: "OrderId", value: "ab" } });
    expect(text).toBe("OrderId eq 'AB'");
    expect(textOf(set, { text: "startswith(OrderId,'ab') or tolower(OrderId) eq 'ab'" })).toBe(
      "startswith(OrderId,'AB') or tolower(OrderId) eq 'ab'",
    );
    expect(corrections).toEqual(["'ab' → 'AB' (OrderId is Edm.String)"]);
  });
});

describe("a filter in text", () => {
  it.each([
    ["OrderId eq 'a' and (Done or not Done)", "OrderId eq 'a' and (Done or not (Done))"],
    [
      "year(CreatedAt) eq 2026 and substring(OrderId,1,2) eq 'ab'",
      "year(CreatedAt) eq 2026 and substring(OrderId,1,2) eq 'ab'",
    ],
    ["Amount add 5M mul 2M gt 10M or ToItems eq null", "Amount add 5M mul 2M gt 10M or ToItems eq null"],
    ["Count eq -5 and Rate lt 1E3", "Count eq -5 and Rate lt 1E3"],
  ])("that is right stays as it is: %s", (text, same) => {
    const filter = compiled(ordersV2, { text });
    expect(filter.text).toBe(same);
    expect(filter.corrections).toEqual([]);
  });

  it.each([
    ["Amount gt 5", "Amount gt 5M", "5 → 5M (Amount is Edm.Decimal)"],
    ["Big eq 5", "Big eq 5L", "5 → 5L (Big is Edm.Int64)"],
    [
      "CreatedAt ge 2026-01-31",
      "CreatedAt ge datetime'2026-01-31T00:00:00'",
      "2026-01-31 → datetime'2026-01-31T00:00:00' (CreatedAt is Edm.DateTime)",
    ],
    [
      "ChangedAt lt '2026-01-31T10:00:00Z'",
      "ChangedAt lt datetimeoffset'2026-01-31T10:00:00Z'",
      "'2026-01-31T10:00:00Z' → datetimeoffset'2026-01-31T10:00:00Z' (ChangedAt is Edm.DateTimeOffset)",
    ],
    [
      "Id eq 0050568d-393c-1ed4-9d97-e65f0f3fcc23",
      "Id eq guid'0050568d-393c-1ed4-9d97-e65f0f3fcc23'",
      "0050568d-393c-1ed4-9d97-e65f0f3fcc23 → guid'0050568d-393c-1ed4-9d97-e65f0f3fcc23' (Id is Edm.Guid)",
    ],
    ["Start eq 08:00", "Start eq time'PT08H00M00S'", "08:00 → time'PT08H00M00S' (Start is Edm.Time)"],
    ["OrderId eq 4711", "OrderId eq '4711'", "4711 → '4711' (OrderId is Edm.String)"],
    ["Done eq 'true'", "Done eq true", "'true' → true (Done is Edm.Boolean)"],
    ['OrderId eq "a"', "OrderId eq 'a'", "\"a\" → 'a' (OrderId is Edm.String)"],
    ["OrderId eq 'O'Neil'", "OrderId eq 'O''Neil'", "'O'Neil' → 'O''Neil' (OrderId is Edm.String)"],
    ["Count == 5", "Count eq 5", "== → eq"],
    ["Count = 5", "Count eq 5", "= → eq"],
    ["Count > 5", "Count gt 5", "> → gt"],
    ["Done && !Done", "Done and not (Done)", "&& → and"],
    ["Done OR Done", "Done or Done", "OR → or"],
    ["contains(OrderId,'x')", "substringof('x',OrderId)", "contains → substringof"],
    ["startsWith(OrderId,'x')", "startswith(OrderId,'x')", "startsWith → startswith"],
    ["OrderId in ('a','b')", "(OrderId eq 'a' or OrderId eq 'b')", "in (…) → a chain of eq, since OData V2 has no in"],
    ["$filter=Count eq 5", "Count eq 5", "$filter= → left out"],
    ["Count%20eq%205", "Count eq 5", "%20 → a space"],
  ])("of another spelling is mended for V2: %s", (text, mended, correction) => {
    const filter = compiled(ordersV2, { text });
    expect(filter.text).toBe(mended);
    expect(filter.corrections).toContain(correction);
  });

  it.each([
    [customersV4, "substringof('x',name)", "contains(name,'x')"],
    [customersV4, "status eq 'Open'", "status eq my.model.Status'Open'"],
    [customersV4, "modifiedAt ge datetime'2026-01-31T00:00:00'", "modifiedAt ge 2026-01-31T00:00:00Z"],
    [customersV4, "ID eq guid'0050568d-393c-1ed4-9d97-e65f0f3fcc23'", "ID eq 0050568d-393c-1ed4-9d97-e65f0f3fcc23"],
    [customersV4, "orders/any(o:o/amount gt 5M and big eq 5L)", "orders/any(o:o/amount gt 5 and big eq 5)"],
    [ordersV4, "day eq datetime'2026-01-31T00:00:00'", "day eq 2026-01-31"],
    [
      customersV4,
      "modifiedAt ge now() sub duration'P7D' and name eq \"a\"",
      "modifiedAt ge now() sub duration'P7D' and name eq 'a'",
    ],
    [ordersV4, "at gt time'PT8H' and took lt 'PT1H'", "at gt 08:00:00 and took lt duration'PT1H'"],
  ])("of another spelling is mended for V4 (%#)", (set, text, mended) => {
    const filter = compiled(set, { text });
    expect(filter.text).toBe(mended);
    expect(filter.corrections.length).toBeGreaterThan(0);
  });

  it.each([
    ["OrderId eq", "position 10: it ends where a field, a value or ( is expected"],
    ["OrderId eq 'a", "begins at position 11 and does not end"],
    ["OrderId eq 'a' Done", "position 15: it has Done where and, or"],
    ["OrderId like 'a'", "position 8: it has like"],
    ["OrderId eq 'a'; drop", "position 14: ; has no meaning here"],
    ["(Count eq 5", "position 11: it ends where ) is expected"],
    ["Cont eq 5", "Cont is not a property of Orders. Nearest: Count"],
    ["Count eq 'five'", 'Count: "five" is no value'],
    ["OrderId eq abc", "If it is a value of OrderId, put it in quotes: 'abc'"],
    ["OrderId eq datetime'2026-01-31T00:00:00'", "is compared with a text"],
    ["geometry(OrderId,'a')", "OData V2 has no function geometry"],
    ["length(OrderId,'a') eq 1", "length takes 1 arguments, not 2"],
    [`${"(".repeat(200)}Done${")".repeat(200)}`, "nested more than 100 levels deep"],
  ])("that can't be read is refused with its place and the reason: %s", (text, reason) => {
    expect(reasonOf(ordersV2, { text })).toContain(reason);
  });
});

function settled(set: EntitySet, given: GivenFilter) {
  const model = set.name === customersV4.name || set === ordersV4 ? modelV4 : modelV2;
  return settleQuery(() => compile({ model, type: set.type, set }, given));
}

function compiled(set: EntitySet, given: GivenFilter): CompiledFilter {
  const outcome = settled(set, given);
  if (!outcome.ok) throw new Error(outcome.failure.message);
  return outcome.value;
}

function textOf(set: EntitySet, given: GivenFilter): string {
  return compiled(set, given).text;
}

function reasonOf(set: EntitySet, given: GivenFilter): string {
  const outcome = settled(set, given);
  return outcome.ok ? `accepted: ${outcome.value.text}` : `${outcome.failure.message} ${outcome.failure.guidance}`;
}
