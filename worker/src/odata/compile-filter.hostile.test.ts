import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileFilter } from "./compile-filter.ts";
import type { GivenFilter } from "./compile-filter.ts";
import { customersV4, itemsV2, modelV2, modelV4, ordersV2 } from "./fixtures/sample-models.ts";
import { settleQuery } from "./refused-query.ts";
import type { EntitySet } from "./service-model.ts";

describe("no value ends its literal early", () => {
  const hostile = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom("'", "''", " or ", "1 eq 1", ")", "(", "%27", "&", "a", "\\") }),
  );

  it.each([
    ["V2", itemsV2, "OrderId"],
    ["V4", customersV4, "name"],
  ] as const)("in a JSON filter of %s, which reads back as the very same text", (_version, set, field) => {
    fc.assert(
      fc.property(hostile, (value) => {
        const { text } = compiled(set, { json: { field, value } });
        const again = compiled(set, { text });
        expect(again.text).toBe(text);
        const literal = text.slice(`${field} eq `.length);
        expect(literal).toMatch(/^'(?:[^']|'')*'$/s);
        expect(literal.slice(1, -1).replaceAll("''", "'")).toBe(value);
      }),
    );
  });

  it("for fields of other types, where anything else is refused", () => {
    const fields = ["Amount", "CreatedAt", "ChangedAt", "Big", "Rate", "Start", "Id", "Raw", "Done", "Count"];
    fc.assert(
      fc.property(fc.constantFrom(...fields), hostile, (field, value) => {
        const outcome = settled(ordersV2, { json: { field, value } });
        expect(outcome.ok ? outcome.value.text.slice(field.length + 4) : "0").toMatch(/^(?:\w+'[\w.:-]*'|[\w.:+-]+)$/);
      }),
      { numRuns: 500 },
    );
  });

  it("in a text, whose repair is stable and keeps the number of comparisons", () => {
    const literal = fc.oneof(
      hostile.map((it) => `'${it.replaceAll("'", "''")}'`),
      fc.constantFrom("5", "5M", "true", "'x'"),
    );
    fc.assert(
      fc.property(literal, literal, (first, second) => {
        const outcome = settled(ordersV2, { text: `OrderId eq ${first} or OrderId eq ${second}` });
        if (!outcome.ok) return;
        const withoutTexts = outcome.value.text.replaceAll(/'(?:[^']|'')*'/gs, "T");
        expect(withoutTexts).toBe("OrderId eq T or OrderId eq T");
        expect(compiled(ordersV2, { text: outcome.value.text })).toMatchObject({
          text: outcome.value.text,
          corrections: [],
        });
      }),
    );
  });
});

function settled(set: EntitySet, given: GivenFilter) {
  const model = set === customersV4 ? modelV4 : modelV2;
  return settleQuery(() => compileFilter({ model, type: set.type, set }, given));
}

function compiled(set: EntitySet, given: GivenFilter) {
  const outcome = settled(set, given);
  if (!outcome.ok) throw new Error(outcome.failure.message);
  return outcome.value;
}
