import type { Field, FieldKind, Row, Value } from "../model/field.ts";
import type { ODataVersion } from "../model/service-definition.ts";
import { compareValues } from "./compare-values.ts";
import { compilePath } from "./compile-path.ts";
import { compileCall } from "./filter-functions.ts";
import type { Comparator, FilterExpression } from "./filter-expression.ts";
import { valueOfLiteral } from "./odata-literal.ts";
import { refuse } from "./sap-error.ts";
import { navigationOf } from "./shape.ts";
import type { Shape } from "./shape.ts";

/** The row that is looked at, and inside a lambda the rows around it. */
export interface Scope {
  readonly row: Row;
  readonly outer: Scope | undefined;
}

/** A typed expression, ready to run. */
export interface Operand {
  readonly kind: FieldKind | "null";
  readonly name: string;
  readonly read: (scope: Scope) => Value;
}

interface Context {
  readonly shape: Shape;
  readonly version: ODataVersion;
  /** Name of the lambda's variable; undefined outside of any lambda. */
  readonly variable: string | undefined;
  readonly outer: Context | undefined;
}

/** Turns a filter into a function of a row. @throws SapError when names or types do not fit the shape. */
export function compileFilter(
  expression: FilterExpression,
  shape: Shape,
  version: ODataVersion,
): (row: Row) => boolean {
  const test = compileTest(expression, { shape, version, variable: undefined, outer: undefined });
  return (row) => test({ row, outer: undefined });
}

function compileTest(expression: FilterExpression, context: Context): (scope: Scope) => boolean {
  switch (expression.kind) {
    case "and":
    case "or": {
      const left = compileTest(expression.left, context);
      const right = compileTest(expression.right, context);
      return expression.kind === "and"
        ? (scope) => left(scope) && right(scope)
        : (scope) => left(scope) || right(scope);
    }
    case "not": {
      const operand = compileTest(expression.operand, context);
      return (scope) => !operand(scope);
    }
    case "comparison":
      return compileComparison(expression.operator, expression.left, expression.right, context);
    case "in": {
      const left = compileOperand(expression.left, context);
      const options = expression.options.map((option) => valueOfLiteral(option, fieldLike(left)));
      return (scope) => options.some((option) => compareValues(left.read(scope), option, left.kind) === 0);
    }
    case "lambda":
      return compileLambda(expression, context);
    case "path":
    case "call":
    case "literal": {
      const operand = compileOperand(expression, context);
      if (operand.kind !== "boolean")
        throw refuse("bad-syntax", `'${operand.name}' is no condition: a Boolean is expected in $filter`, "$filter");
      return (scope) => operand.read(scope) === true;
    }
  }
}

const outcomes: Readonly<Record<Comparator, (difference: number) => boolean>> = {
  eq: (difference) => difference === 0,
  ne: (difference) => difference !== 0,
  gt: (difference) => difference > 0,
  ge: (difference) => difference >= 0,
  lt: (difference) => difference < 0,
  le: (difference) => difference <= 0,
};

function compileComparison(
  operator: Comparator,
  one: FilterExpression,
  other: FilterExpression,
  context: Context,
): (scope: Scope) => boolean {
  // A literal takes the type of what it is compared with, on whichever side it stands.
  const left = one.kind === "literal" ? asLiteral(one, other, context) : compileOperand(one, context);
  const right = other.kind === "literal" ? asLiteral(other, one, context) : compileOperand(other, context);
  const kind = left.kind === "null" ? right.kind : left.kind;
  if (right.kind !== kind && right.kind !== "null") {
    throw refuse(
      "bad-value",
      `'${left.name}' (${left.kind}) cannot be compared with '${right.name}' (${right.kind})`,
      left.name,
    );
  }
  const holds = outcomes[operator];
  const isOrder = operator !== "eq" && operator !== "ne";
  return (scope) => {
    const a = left.read(scope);
    const b = right.read(scope);
    if (isOrder && (a === null || b === null)) return false;
    return holds(compareValues(a, b, kind));
  };
}

function asLiteral(
  expression: FilterExpression & { kind: "literal" },
  other: FilterExpression,
  context: Context,
): Operand {
  const against = other.kind === "literal" ? undefined : fieldLike(compileOperand(other, context));
  const value = valueOfLiteral(
    expression.literal,
    against ?? { name: expression.literal.text, kind: kindOfLiteral(expression) },
  );
  return {
    kind: value === null ? "null" : (against?.kind ?? kindOfLiteral(expression)),
    name: expression.literal.text,
    read: () => value,
  };
}

function compileOperand(expression: FilterExpression, context: Context): Operand {
  switch (expression.kind) {
    case "path":
      return compileScopedPath(expression.segments, context);
    case "literal":
      return asLiteral(expression, expression, context);
    case "call":
      return compileCall(
        expression.name,
        expression.args.map((arg) => compileOperand(arg, context)),
        context.version,
      );
    case "and":
    case "or":
    case "not":
    case "in":
    case "comparison":
    case "lambda": {
      const test = compileTest(expression, context);
      return { kind: "boolean", name: expression.kind, read: test };
    }
  }
}

/** A path of the lambda's variable, or else of the entity around the lambda. */
function compileScopedPath(segments: readonly string[], context: Context): Operand {
  const [first = "", ...others] = segments;
  if (context.variable !== undefined && first !== context.variable) {
    if (context.outer === undefined) throw refuse("unknown-property", `Property '${first}' not found`, first);
    const inner = compileScopedPath(segments, context.outer);
    return { ...inner, read: (scope) => inner.read(scope.outer as Scope) };
  }
  const path = context.variable === undefined ? segments : others;
  const { kind, read } = compilePath(path, context.shape, "filterable");
  return { kind, name: path.join("/"), read: (scope) => read(scope.row) };
}

function compileLambda(expression: FilterExpression & { kind: "lambda" }, context: Context): (scope: Scope) => boolean {
  const [first = "", name = first] = expression.segments;
  const isOfVariable = context.variable !== undefined && first === context.variable;
  if (expression.segments.length > (isOfVariable ? 2 : 1))
    throw refuse("bad-syntax", `Lambda over the path '${expression.segments.join("/")}' is not supported`);
  const { follow, target, many } = navigationOf(context.shape, isOfVariable ? name : first);
  if (!many)
    throw refuse("bad-syntax", `'${name}' has a single entity: ${expression.quantifier} is not possible`, name);
  if (expression.predicate === undefined) return (scope) => follow(scope.row).length > 0;
  const test = compileTest(expression.predicate, {
    shape: target,
    version: context.version,
    variable: expression.variable,
    outer: context,
  });
  const isAny = expression.quantifier === "any";
  return (scope) => {
    const rows = follow(scope.row);
    return isAny ? rows.some((row) => test({ row, outer: scope })) : rows.every((row) => test({ row, outer: scope }));
  };
}

function fieldLike(operand: Operand): Pick<Field, "name" | "kind"> {
  return { name: operand.name, kind: operand.kind === "null" ? "string" : operand.kind };
}

function kindOfLiteral({ literal }: FilterExpression & { kind: "literal" }): FieldKind {
  if (literal.type === "number") return /^-?\d{1,9}$/.test(literal.text) ? "int32" : "decimal";
  return literal.type === "datetime" ? "timestamp" : literal.type === "null" ? "string" : literal.type;
}
