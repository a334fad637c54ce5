import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { modelV2, modelV4 } from "./fixtures/sample-models.ts";
import { formatLiteral } from "./format-literal.ts";
import type { ServiceModel } from "./service-model.ts";

describe("formatLiteral", () => {
  it.each([
    ["Edm.String", "O'Neil", "'O''Neil'"],
    ["Edm.String", 4711, "'4711'"],
    ["Edm.DateTime", "2026-01-31", "datetime'2026-01-31T00:00:00'"],
    ["Edm.DateTime", "2026-01-31T12:30:00+02:00", "datetime'2026-01-31T10:30:00'"],
    ["Edm.DateTimeOffset", "2026-01-31T12:30:00.5Z", "datetimeoffset'2026-01-31T12:30:00.5Z'"],
    ["Edm.Time", "11:30", "time'PT11H30M00S'"],
    ["Edm.Time", "PT11H30M", "time'PT11H30M'"],
    ["Edm.Guid", "0050568D-393C-1ED4-9D97-E65F0F3FCC23", "guid'0050568D-393C-1ED4-9D97-E65F0F3FCC23'"],
    ["Edm.Decimal", "12.30", "12.30M"],
    ["Edm.Int64", "9223372036854775807", "9223372036854775807L"],
    ["Edm.Double", 1.5, "1.5d"],
    ["Edm.Double", "1E+3", "1E+3"],
    ["Edm.Single", "1.5", "1.5f"],
    ["Edm.Int32", 5, "5"],
    ["Edm.Boolean", true, "true"],
    ["Edm.Binary", "/+8=", "X'FFEF'"],
    ["Edm.DateTime", "/Date(1769817600000)/", "datetime'2026-01-31T00:00:00'"],
    ["Edm.Guid", "guid'0050568d-393c-1ed4-9d97-e65f0f3fcc23'", "guid'0050568d-393c-1ed4-9d97-e65f0f3fcc23'"],
    ["Edm.Decimal", "12.30M", "12.30M"],
    ["Edm.Binary", "X'FFEF'", "X'FFEF'"],
  ])("writes %s %j in V2 as %s", (type, value, literal) => {
    expect(literalOf(modelV2, type, value)).toBe(literal);
  });

  it.each([
    ["Edm.String", "O'Neil", "'O''Neil'"],
    ["Edm.Date", "2026-01-31", "2026-01-31"],
    ["Edm.DateTimeOffset", "2026-01-31T12:30:00", "2026-01-31T12:30:00Z"],
    ["Edm.TimeOfDay", "11:30", "11:30:00"],
    ["Edm.TimeOfDay", "PT8H5M", "08:05:00"],
    ["Edm.Date", "datetime'2026-01-31T00:00:00'", "2026-01-31"],
    ["Edm.Duration", "P1DT2H", "duration'P1DT2H'"],
    ["Edm.Guid", "0050568d-393c-1ed4-9d97-e65f0f3fcc23", "0050568d-393c-1ed4-9d97-e65f0f3fcc23"],
    ["Edm.Decimal", "12.30", "12.30"],
    ["Edm.Int64", "-5", "-5"],
    ["Edm.Binary", "/+8=", "binary'_-8='"],
    ["my.model.Status", "Open", "my.model.Status'Open'"],
  ])("writes %s %j in V4 as %s", (type, value, literal) => {
    expect(literalOf(modelV4, type, value)).toBe(literal);
  });

  it.each([
    ["Edm.Int32", "1 or 1 eq 1"],
    ["Edm.Int32", "2147483648"],
    ["Edm.Int64", 2 ** 53],
    ["Edm.Decimal", "1e3"],
    ["Edm.Guid", "x' or 1 eq 1 or Id eq guid'"],
    ["Edm.DateTime", "2026-02-30"],
    ["Edm.DateTime", "2026-01-31T25:00:00"],
    ["Edm.Date", "2026-01-31T10:00:00Z"],
    ["Edm.Boolean", "yes"],
    ["Edm.Binary", "'"],
    ["Edm.String", null],
    ["Edm.String", { a: 1 }],
    ["Edm.String", "\ud800"],
    ["Edm.GeographyPoint", "POINT(1 1)"],
    ["my.model.Status", "Open' or 'a' eq 'a"],
  ])("refuses for %s the value %j and names the field", (type, value) => {
    const outcome = formatLiteral(modelV4, { name: "Field", type }, value);
    expect(outcome.ok ? outcome.value : outcome.failure).toMatchObject({
      kind: "invalid-input",
      message: expect.stringContaining("Field") as string,
    });
  });

  it("lets no string end its literal early", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom("'", "%", "&", "/", "ä", ")", " or ") })),
        (text) => {
          for (const model of [modelV2, modelV4]) {
            const literal = literalOf(model, "Edm.String", text);
            expect(literal).toMatch(/^'(?:[^']|'')*'$/s);
            expect(literal.slice(1, -1).replaceAll("''", "'")).toBe(text);
          }
        },
      ),
    );
  });

  it("writes for other types nothing but a literal of that type, whatever the string", () => {
    const types = [
      "Edm.Int32",
      "Edm.Int64",
      "Edm.Decimal",
      "Edm.Double",
      "Edm.Guid",
      "Edm.DateTime",
      "Edm.Date",
      "Edm.Boolean",
      "Edm.Binary",
      "my.model.Status",
    ];
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.string(), (type, text) => {
        const outcome = formatLiteral(modelV4, { name: "Field", type }, text);
        expect(outcome.ok ? outcome.value : "null").toMatch(/^(?:[\w.]+'[^' ]*'|[\w.:+-]+)$/u);
      }),
      { numRuns: 1_000 },
    );
  });
});

function literalOf(model: ServiceModel, type: string, value: unknown): string {
  const outcome = formatLiteral(model, { name: "Field", type }, value);
  if (!outcome.ok) throw new Error(outcome.failure.message);
  return outcome.value;
}
