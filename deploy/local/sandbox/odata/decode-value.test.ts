import { expect, test } from "vitest";
import type { FieldKind, Value } from "../model/field.ts";
import type { ODataVersion } from "../model/service-definition.ts";
import { decodeValue } from "./decode-value.ts";
import { encoderOf } from "./encode-value.ts";
import { parseJsonObject } from "./json-body.ts";
import { SapError } from "./sap-error.ts";

function decode(json: string, kind: FieldKind, version: ODataVersion, exactNumbers = false): Value {
  const field = { name: "F", kind, label: "", precision: 31, scale: 5 };
  return decodeValue(parseJsonObject(`{"F":${json}}`)["F"] ?? null, field, { version, exactNumbers });
}

const values: readonly (readonly [FieldKind, Value])[] = [
  ["string", 'Ä "q" \'%/\\ 日本\n'],
  ["decimal", "12345678901234567890.12345"],
  ["decimal", "-0.50"],
  ["int64", 9_223_372_036_854_775_807n],
  ["int64", -9_223_372_036_854_775_808n],
  ["int32", -2_147_483_647],
  ["boolean", true],
  ["date", "1969-12-31"],
  ["date", "2024-02-29"],
  ["time", "23:59:59"],
  ["timestamp", -1],
  ["timestamp", 1_709_193_600_123],
  ["guid", "0f3a1f2e-0000-4000-a000-0123456789ab"],
];

test.each(values)("%s %s comes back from JSON as it was, in V2, in V4, and in V4 with exact numbers", (kind, value) => {
  for (const [version, exact] of [
    ["V2", false],
    ["V4", false],
    ["V4", true],
  ] as const) {
    expect(decode(encoderOf(kind, version, exact)(value), kind, version, exact)).toBe(value);
  }
});

const wrong: readonly (readonly [ODataVersion, FieldKind, string])[] = [
  ["V2", "decimal", "1.5"],
  ["V4", "decimal", '"1.5"'],
  ["V2", "decimal", '"1,5"'],
  ["V2", "decimal", '"1.123456"'],
  ["V2", "int64", '"9223372036854775808"'],
  ["V4", "int32", "2147483648"],
  ["V4", "int32", "1.5"],
  ["V4", "string", "1"],
  ["V4", "string", '"\\u0000"'],
  ["V4", "boolean", '"true"'],
  ["V4", "date", '"2024-02-30"'],
  ["V4", "date", '"2024-13-01"'],
  ["V2", "date", '"2024-01-01"'],
  ["V2", "date", '"/Date(9999999999999999)/"'],
  ["V4", "timestamp", '"2024-01-01T00:00:00"'],
  ["V2", "time", '"12:00:00"'],
  ["V4", "guid", '"xyz"'],
];

test.each(wrong)("%s takes no %s from %s", (version, kind, json) => {
  expect(() => decode(json, kind, version)).toThrow(SapError);
});
