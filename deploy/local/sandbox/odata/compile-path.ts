import type { FieldKind, Row, Value } from "../model/field.ts";
import { refuse } from "./sap-error.ts";
import { fieldOf, navigationOf } from "./shape.ts";
import type { Shape } from "./shape.ts";

/** A field, reached over to-one navigations, or the `$count` of a to-many navigation; ready to be read from rows. */
export function compilePath(
  path: readonly string[],
  shape: Shape,
  use: "filterable" | "sortable",
): { kind: FieldKind; read: (row: Row) => Value } {
  const last = path.at(-1) ?? "";
  let current = shape;
  const steps = path.slice(0, -1).map((name, at) => {
    const { many, target, follow } = navigationOf(current, name);
    if (many && path[at + 1] !== "$count")
      throw refuse("bad-syntax", `'${name}' has many entities: a single value is expected`, name);
    current = target;
    return follow;
  });
  const walk = (row: Row) =>
    steps.reduce<readonly Row[]>((rows, follow) => (rows[0] === undefined ? [] : follow(rows[0])), [row]);
  if (last === "$count" && steps.length > 0) return { kind: "int32", read: (row) => walk(row).length };
  const { kind, [use]: isUsable } = fieldOf(current, last);
  if (isUsable === false) throw refuse("bad-option", `Property '${last}' is not ${use}`, last);
  if (steps.length === 0) return { kind, read: (row) => row.values[last] ?? null };
  return { kind, read: (row) => walk(row)[0]?.values[last] ?? null };
}
