import type { FilterNode } from "./filter-tree.ts";
import { comparators, isComparator } from "./filter-tree.ts";
import { refuseQuery } from "./refused-query.ts";

const maxDepth = 50;

const example =
  'Write {"field":"Country","op":"eq","value":"DE"}, {"and":[…]}, {"or":[…]}, {"not":{…}} or {"field":"Items","any":{…}}; op is eq, ne, gt, ge, lt, le, contains, startswith, endswith or in.';

const searches = ["contains", "startswith", "endswith"];

/** Other spellings of the operators. */
const spellings: Readonly<Record<string, string>> = {
  "=": "eq",
  "==": "eq",
  "!=": "ne",
  "<>": "ne",
  ">": "gt",
  ">=": "ge",
  "<": "lt",
  "<=": "le",
  gte: "ge",
  lte: "le",
};

/** Reads a filter in JSON, such as `{"and":[{"field":"Country","op":"eq","value":"DE"},…]}`. Throws through `refuseQuery`. */
export function readFilter(filter: unknown, variable = "", depth = 0): FilterNode {
  if (depth > maxDepth) refuseQuery(`The filter is nested more than ${maxDepth} levels deep.`);
  if (!isObject(filter)) refuseQuery(`A part of the filter is no object: ${show(filter)}.`, example);
  const logic = ["and", "or", "not"].find((name) => name in filter);
  if (logic === undefined) return readCondition(filter, variable, depth);
  refuseOthers(filter, [logic]);
  const within = filter[logic];
  if (logic === "not") return { kind: "not", operand: readFilter(within, variable, depth + 1) };
  if (!Array.isArray(within) || within.length === 0) refuseQuery(`${logic} must be a list of conditions.`, example);
  const operands = within.map((it: unknown) => readFilter(it, variable, depth + 1));
  return { kind: logic === "and" ? "and" : "or", operands };
}

function readCondition(condition: Readonly<Record<string, unknown>>, variable: string, depth: number): FilterNode {
  const quantifier = (["any", "all"] as const).find((name) => name in condition);
  if (quantifier !== undefined) return readLambda(condition, { quantifier, variable, depth });
  refuseOthers(condition, ["field", "op", "value", "ignoreCase"]);
  const { value, op = Array.isArray(value) ? "in" : "eq", ignoreCase = false } = condition;
  const path = pathOf(condition, variable);
  const operator = Object.hasOwn(spellings, String(op)) ? String(spellings[String(op)]) : String(op).toLowerCase();
  if (!isComparator(operator) && operator !== "in" && !searches.includes(operator)) {
    refuseQuery(
      `${show(op)} is no operator of a condition on ${path}.`,
      `Operators: ${[...comparators, ...searches, "in"].join(", ")}. A range is two conditions: {"and":[{"field":"${path}","op":"ge",…},{"field":"${path}","op":"le",…}]}.`,
    );
  }
  if (!("value" in condition)) refuseQuery(`The condition on ${path} has no value.`, example);
  const isCaseless = ignoreCase === true;
  const fold = (node: FilterNode): FilterNode => (isCaseless ? { kind: "call", name: "tolower", args: [node] } : node);
  const subject = fold({ kind: "path", path });
  const literalOf = (it: unknown): FilterNode => ({
    kind: "literal",
    value: isCaseless && typeof it === "string" ? it.toLowerCase() : it,
  });
  if (operator === "in") {
    if (!Array.isArray(value) || value.length === 0) refuseQuery(`in wants a list of values for ${path}.`, example);
    return { kind: "in", left: subject, options: value.map(literalOf) };
  }
  if (Array.isArray(value))
    refuseQuery(`${operator} wants one value for ${path}, not a list; in takes a list.`, example);
  if (isComparator(operator)) {
    if (value === null && operator !== "eq" && operator !== "ne")
      refuseQuery(`${operator} can't compare ${path} with null; eq and ne can.`, example);
    return { kind: "binary", operator, left: subject, right: literalOf(value) };
  }
  if (typeof value !== "string") refuseQuery(`${operator} wants a text for ${path}.`, example);
  return { kind: "call", name: operator, args: [subject, literalOf(value)] };
}

function readLambda(
  condition: Readonly<Record<string, unknown>>,
  { quantifier, variable, depth }: { quantifier: "any" | "all"; variable: string; depth: number },
): FilterNode {
  refuseOthers(condition, ["field", quantifier]);
  const path = pathOf(condition, variable);
  const within = condition[quantifier];
  const isEmpty = within === true || (isObject(within) && Object.keys(within).length === 0);
  if (quantifier === "any" && isEmpty) return { kind: "lambda", path, quantifier, variable: "" };
  const inner = `x${depth}`;
  return { kind: "lambda", path, quantifier, variable: inner, predicate: readFilter(within, inner, depth + 1) };
}

/** Within a lambda, a condition without a field speaks of the item itself. */
function pathOf({ field }: Readonly<Record<string, unknown>>, variable: string): string {
  if (field === undefined && variable !== "") return variable;
  if (typeof field !== "string" || field === "") refuseQuery(`A condition names no field.`, example);
  return variable === "" ? field : `${variable}/${field}`;
}

function refuseOthers(part: Readonly<Record<string, unknown>>, known: readonly string[]): void {
  const other = Object.keys(part).find((name) => !known.includes(name));
  if (other !== undefined) refuseQuery(`A condition can't hold ${show(other)} beside ${known.join(", ")}.`, example);
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? "nothing").slice(0, 80);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
