import { addDecimals, divideDecimal } from "../data/decimal.ts";
import type { Field, Row, Value } from "../model/field.ts";
import type { Aggregate, Transformation } from "./apply-parser.ts";
import { compareValues } from "./compare-values.ts";
import { compileFilter } from "./compile-filter.ts";
import { refuse } from "./sap-error.ts";
import { fieldOf } from "./shape.ts";
import type { Shape } from "./shape.ts";
import { sortRows } from "./sort-rows.ts";

interface Source {
  readonly shape: Shape;
  readonly rows: Iterable<Row>;
}

/** Runs the steps of `$apply` one after the other; a grouping yields rows of a new shape. */
export function applyTransformations(source: Source, steps: readonly Transformation[]): Source {
  return steps.reduce(applyStep, source);
}

function applyStep({ shape, rows }: Source, step: Transformation): Source {
  switch (step.kind) {
    case "filter":
      return { shape, rows: [...rows].filter(compileFilter(step.filter, shape, "V4")) };
    case "orderby":
      return { shape, rows: sortRows(rows, step.orderBy, shape) };
    case "top":
      return { shape, rows: [...rows].slice(0, step.count) };
    case "skip":
      return { shape, rows: [...rows].slice(step.count) };
    case "groupby":
      return groupRows({ shape, rows }, step.fields, step.aggregates);
  }
}

function groupRows({ shape, rows }: Source, names: readonly string[], aggregates: readonly Aggregate[]): Source {
  const fields = [
    ...names.map((name) => fieldOf(shape, name)),
    ...aggregates.map((aggregate) => resultField(aggregate, shape)),
  ];
  const byName = new Map(fields.map((field) => [field.name, field]));
  if (byName.size < fields.length) throw refuse("bad-option", "A name is given twice in $apply", "$apply");
  const groups = new Map<string, Row[]>();
  // Without fields to group by there is one group, even when it is empty.
  if (names.length === 0) groups.set("", []);
  for (const row of rows) {
    const key = names.map((name) => `${String(row.values[name])}\u0000`).join("");
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  const result = [...groups.values()].map((group) => ({
    stamp: "",
    values: Object.fromEntries([
      ...names.map((name) => [name, group[0]?.values[name] ?? null] as const),
      ...aggregates.map((aggregate) => [aggregate.alias, aggregateRows(group, aggregate, shape)] as const),
    ]),
  }));
  return { shape: { typeName: shape.typeName, fields: byName, navigations: new Map() }, rows: result };
}

function resultField({ field, method, alias }: Aggregate, shape: Shape): Field {
  if (field === undefined || method === "countdistinct") {
    if (field !== undefined) fieldOf(shape, field);
    return { name: alias, kind: "int32", label: alias };
  }
  const source = fieldOf(shape, field);
  const isNumeric = source.kind === "decimal" || source.kind === "int32" || source.kind === "int64";
  if (!isNumeric && (method === "sum" || method === "average")) {
    throw refuse("bad-value", `Property '${field}' cannot be aggregated with ${method}`, field);
  }
  return {
    ...source,
    name: alias,
    kind: method === "average" || (method === "sum" && source.kind === "int32") ? "decimal" : source.kind,
  };
}

const averageScale = 6;

function aggregateRows(group: readonly Row[], { field, method }: Aggregate, shape: Shape): Value {
  if (field === undefined) return group.length;
  const { kind } = fieldOf(shape, field);
  const values = group.map((row) => row.values[field] ?? null).filter((value) => value !== null);
  if (method === "countdistinct") return new Set(values).size;
  if (values.length === 0) return null;
  switch (method) {
    case "min":
      return values.reduce((least, value) => (compareValues(value, least, kind) < 0 ? value : least));
    case "max":
      return values.reduce((most, value) => (compareValues(value, most, kind) > 0 ? value : most));
    case "count":
    case "sum":
    case "average": {
      const sum = values.map(String).reduce(addDecimals);
      if (method === "average") return divideDecimal(sum, values.length, averageScale);
      return kind === "int64" ? BigInt(sum) : sum;
    }
  }
}
