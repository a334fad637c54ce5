import { compareDecimals } from "../data/decimal.ts";
import type { FieldKind, Value } from "../model/field.ts";

/** Compares two stored values of one kind; null sorts first. */
export function compareValues(left: Value, right: Value, kind: FieldKind | "null"): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? -1 : 1;
  if (kind === "decimal") return compareDecimals(left as string, right as string);
  return left < right ? -1 : left > right ? 1 : 0;
}
