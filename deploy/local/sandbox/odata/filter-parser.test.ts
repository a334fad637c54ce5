import { expect, test } from "vitest";
import { defineDecimal, defineField, defineText } from "../model/field.ts";
import type { Row, Values } from "../model/field.ts";
import type { ODataVersion } from "../model/service-definition.ts";
import { compileFilter } from "./compile-filter.ts";
import { parseFilter } from "./filter-parser.ts";
import { SapError } from "./sap-error.ts";
import type { Shape } from "./shape.ts";

const children: readonly Row[] = [rowOf({ Name: "a", Amount: "1.0" }), rowOf({ Name: "b", Amount: "5.0" })];

const child: Shape = shapeOf("Child");
const parent: Shape = {
  ...shapeOf("Parent"),
  navigations: new Map([
    ["Children", { name: "Children", many: true, target: child, follow: () => children }],
    ["First", { name: "First", many: false, target: child, follow: () => children.slice(0, 1) }],
    ["None", { name: "None", many: false, target: child, follow: () => [] }],
  ]),
};

const row = rowOf({
  Name: "O'Neil & Söhne",
  Amount: "9007199254740993.01",
  Count: 7,
  Id: 9_007_199_254_740_993n,
  Open: true,
  Day: "2024-02-29",
  Clock: "08:05:03",
  Stamp: Date.UTC(2024, 1, 29, 8),
  Uuid: "0f3a1f2e-0000-4000-a000-0123456789ab",
  Empty: null,
});

function rowOf(values: Values): Row {
  return { values, stamp: "" };
}

function shapeOf(typeName: string): Shape {
  const fields = [
    defineText("Name", 40, ""),
    defineText("Empty", 4, ""),
    defineText("Hidden", 4, "", { filterable: false }),
    defineDecimal("Amount", [20, 2], ""),
    defineField("Count", "int32", ""),
    defineField("Id", "int64", ""),
    defineField("Open", "boolean", ""),
    defineField("Day", "date", ""),
    defineField("Clock", "time", ""),
    defineField("Stamp", "timestamp", ""),
    defineField("Uuid", "guid", ""),
  ];
  return { typeName, fields: new Map(fields.map((field) => [field.name, field])), navigations: new Map() };
}

function holds(filter: string, version: ODataVersion): boolean {
  return compileFilter(parseFilter(filter, version), parent, version)(row);
}

const truths: readonly (readonly [ODataVersion, string])[] = [
  ["V2", "Name eq 'O''Neil & Söhne'"],
  ["V2", "substringof('Neil',Name) and startswith(Name,'O') and endswith(Name,'hne')"],
  ["V2", "substringof('neil',tolower(Name)) eq true"],
  ["V2", "not (Count gt 7) and not startswith(Name,'X')"],
  ["V2", "Count eq 1 or Count eq 7 and Open eq true"],
  ["V2", "(Count eq 1 or Count eq 7) and Open"],
  ["V2", "Amount gt 9007199254740993M and Amount lt 9007199254740993.02m"],
  ["V2", "Id eq 9007199254740993L and Id ne 9007199254740992L"],
  ["V2", "Day ge datetime'2024-02-29T00:00:00' and year(Day) eq 2024 and month(Day) eq 2 and day(Day) eq 29"],
  ["V2", "Stamp eq datetimeoffset'2024-02-29T09:00:00+01:00'"],
  ["V2", "Clock eq time'PT8H5M3S'"],
  ["V2", "Uuid eq guid'0F3A1F2E-0000-4000-A000-0123456789AB'"],
  ["V2", "Empty eq null and Name ne null and First/Name eq 'a' and None/Name eq null"],
  ["V2", "'a' lt Name or 7 le Count"],
  ["V4", "contains(Name,'Neil') and toupper(Name) ne Name and length(Name) eq 14"],
  ["V4", "Count in (1,7) and not (Name in ('a','b'))"],
  ["V4", "Day eq 2024-02-29 and Clock lt 08:06 and Stamp ge 2024-02-29T08:00:00Z"],
  ["V4", "Uuid eq 0f3a1f2e-0000-4000-a000-0123456789ab and Amount eq 9007199254740993.010"],
  ["V4", "Children/any(c:c/Amount gt 4) and not Children/all(c:c/Amount gt 4) and Children/any()"],
  ["V4", "Children/any(c:c/Name eq 'a' and Count eq 7)"],
  ["V4", "Children/$count eq 2 and First/Name eq 'a'"],
];

test.each(truths)("%s: %s", (version, filter) => {
  expect(holds(filter, version)).toBe(true);
  expect(holds(`not (${filter})`, version)).toBe(false);
});

test("values that are null are in no order", () => {
  expect(holds("Empty lt 'x'", "V2") || holds("Empty ge 'x'", "V2")).toBe(false);
});

const wrong: readonly (readonly [ODataVersion, string, string])[] = [
  ["V2", "Nope eq 1", "Property 'Nope' not found in type 'Parent'"],
  ["V2", "Name eq 1", "Invalid value '1' for property 'Name'"],
  ["V2", "Name eq 'x", "Invalid token ''x' at position 8"],
  ["V2", "Name+eq+'x'", "Invalid token"],
  ["V2", "Name eq 'x' and", "Invalid token"],
  ["V2", "Name eq", "Invalid token"],
  ["V2", "Name", "is no condition"],
  ["V2", "(Count eq 7", "Unexpected end"],
  ["V2", "Day eq 2024-02-29", "Invalid token"],
  ["V2", "contains(Name,'x')", "Function 'contains' is not supported"],
  ["V2", "startswith(Name)", "Arguments of function 'startswith' do not fit"],
  ["V2", "Children/Name eq 'a'", "'Children' has many entities"],
  ["V2", "Hidden eq 'x'", "Property 'Hidden' is not filterable"],
  ["V2", "toString(Name) eq 'x'", "Function 'toString' is not supported"],
  ["V4", "Day eq datetime'2024-02-29T00:00:00'", "Invalid token"],
  ["V4", "Day eq 2024-02-31", "Invalid value '2024-02-31'"],
  ["V4", "Count eq 1.5", "Invalid value '1.5'"],
  ["V4", "Amount eq 5M", "Invalid token"],
  ["V4", "substringof('x',Name)", "Function 'substringof' is not supported"],
  ["V4", "First/any(c:c/Name eq 'a')", "'First' has a single entity"],
  ["V4", "Name eq Count", "cannot be compared"],
  ["V4", `${"(".repeat(300)}Open${")".repeat(300)}`, "nested too deeply"],
];

test.each(wrong)("%s refuses %s", (version, filter, message) => {
  expect(() => holds(filter, version)).toThrow(message);
  expect(() => holds(filter, version)).toThrow(SapError);
});
