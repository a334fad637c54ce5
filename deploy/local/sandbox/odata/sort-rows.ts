import type { FieldKind, Row, Value } from "../model/field.ts";
import { compareValues } from "./compare-values.ts";
import { compilePath } from "./compile-path.ts";
import type { OrderBy } from "./query-options.ts";
import type { Shape } from "./shape.ts";

/** The rows in the order of the first term, then the next; equal ones stay as they came. */
export function sortRows(rows: Iterable<Row>, orderBy: readonly OrderBy[], shape: Shape): Row[] {
  const all = [...rows];
  const terms = orderBy.map(({ path, descending }) => {
    const { read, kind } = compilePath(path, shape, "sortable");
    return { ...sortKeys(all.map(read), kind), sign: descending ? -1 : 1 };
  });
  const order = all
    .map((_, at) => at)
    .toSorted((one, other) => {
      for (const { keys, kind, sign } of terms) {
        const difference = compareValues(keys[one] ?? null, keys[other] ?? null, kind);
        if (difference !== 0) return difference * sign;
      }
      return 0;
    });
  return order.map((at) => all[at] as Row);
}

/** Decimals that a double holds exactly enough to tell them apart are sorted as doubles: each is then parsed once. */
function sortKeys(values: readonly Value[], kind: FieldKind): { keys: readonly Value[]; kind: FieldKind } {
  const isShort = kind === "decimal" && values.every((value) => value === null || (value as string).length <= 15);
  return isShort
    ? { keys: values.map((value) => (value === null ? null : Number(value))), kind: "int32" }
    : { keys: values, kind };
}
