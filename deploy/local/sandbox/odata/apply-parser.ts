import type { FilterExpression } from "./filter-expression.ts";
import { parseFilter } from "./filter-parser.ts";
import { parseCount, parseOrderBy } from "./read-options.ts";
import type { OrderBy } from "./query-options.ts";
import { refuse } from "./sap-error.ts";
import { splitOutside } from "./split-outside.ts";

export type AggregateMethod = "sum" | "average" | "min" | "max" | "countdistinct" | "count";

export interface Aggregate {
  /** Field that is aggregated; absent in `$count`. */
  readonly field: string | undefined;
  readonly method: AggregateMethod;
  readonly alias: string;
}

/** One step of `$apply`; each works on the result of the one before. */
export type Transformation =
  | { readonly kind: "filter"; readonly filter: FilterExpression }
  | { readonly kind: "groupby"; readonly fields: readonly string[]; readonly aggregates: readonly Aggregate[] }
  | { readonly kind: "orderby"; readonly orderBy: readonly OrderBy[] }
  | { readonly kind: "top" | "skip"; readonly count: number };

/** Parses `filter(…)/groupby((A,B),aggregate(X with sum as Total,$count as Rows))` and the like. */
export function parseApply(text: string): Transformation[] {
  return splitOutside(text, "/").map((step) => {
    const match = /^ *(\w+)\((.*)\) *$/s.exec(step);
    if (match === null) throw refuse("bad-syntax", `Invalid transformation '${step}' in $apply`, "$apply");
    return parseStep(match[1] as string, match[2] as string);
  });
}

function parseStep(name: string, inner: string): Transformation {
  switch (name) {
    case "filter":
      return { kind: "filter", filter: parseFilter(inner, "V4") };
    case "groupby":
      return parseGroupBy(inner);
    case "aggregate":
      return { kind: "groupby", fields: [], aggregates: parseAggregates(inner) };
    case "orderby":
      return { kind: "orderby", orderBy: parseOrderBy(inner) };
    case "top":
    case "skip":
      return { kind: name, count: parseCount(name, inner.trim()) };
    default:
      throw refuse("bad-option", `Transformation '${name}' is not supported in $apply`, "$apply");
  }
}

function parseGroupBy(inner: string): Transformation {
  const match = /^ *\(([^()]*)\) *(?:, *aggregate\((.*)\) *)?$/s.exec(inner);
  if (match === null) throw refuse("bad-syntax", `Invalid groupby(${inner}) in $apply`, "$apply");
  return {
    kind: "groupby",
    fields: (match[1] as string).split(",").map((field) => field.trim()),
    aggregates: match[2] === undefined ? [] : parseAggregates(match[2]),
  };
}

function parseAggregates(inner: string): Aggregate[] {
  return splitOutside(inner, ",").map((term) => {
    const counted = /^ *\$count +as +(\w+) *$/.exec(term);
    if (counted !== null) return { field: undefined, method: "count", alias: counted[1] as string };
    const match = /^ *(\w+) +with +(sum|average|min|max|countdistinct) +as +(\w+) *$/.exec(term);
    if (match === null) throw refuse("bad-syntax", `Invalid aggregate '${term}' in $apply`, "$apply");
    return { field: match[1] as string, method: match[2] as AggregateMethod, alias: match[3] as string };
  });
}
