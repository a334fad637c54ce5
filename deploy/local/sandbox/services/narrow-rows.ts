import type { Row } from "../model/field.ts";
import type { FilterExpression } from "../odata/filter-expression.ts";
import { valueOfLiteral } from "../odata/odata-literal.ts";
import type { EntitySet } from "./entity-set.ts";

/** The rows that a filter can match at all: by key or index where one of its conjuncts allows, else the whole table. */
export function narrowRows(set: EntitySet, filter: FilterExpression | undefined): Iterable<Row> {
  const table = set.table();
  for (const { name, literal } of equalitiesOf(filter)) {
    const field = set.fields.get(name);
    if (field === undefined) continue;
    if (table.isIndexed(name)) return table.find(name, valueOfLiteral(literal, field));
    if (set.keyFields.length === 1 && set.keyFields[0] === field) {
      const row = table.get(String(valueOfLiteral(literal, field)));
      return row === undefined ? [] : [row];
    }
  }
  return table.rows();
}

type Equality = { readonly name: string; readonly literal: Extract<FilterExpression, { kind: "literal" }>["literal"] };

function equalitiesOf(filter: FilterExpression | undefined): Equality[] {
  if (filter?.kind === "and") return [...equalitiesOf(filter.left), ...equalitiesOf(filter.right)];
  if (filter?.kind !== "comparison" || filter.operator !== "eq") return [];
  const { left, right } = filter;
  return left.kind === "path" && left.segments.length === 1 && right.kind === "literal"
    ? [{ name: left.segments[0] as string, literal: right.literal }]
    : [];
}
