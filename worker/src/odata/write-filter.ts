import { nearestNames } from "@sap-mcp/shared/suggest-names.ts";
import { filterFunctionsOf, findFilterFunction } from "./filter-functions.ts";
import { isArithmetic } from "./filter-tree.ts";
import type { FilterNode, LambdaNode } from "./filter-tree.ts";
import { noteDoubts, noteSearch } from "./note-doubts.ts";
import { refuseQuery } from "./refused-query.ts";
import { nameOwner, resolvePath } from "./resolve-path.ts";
import type { PathTarget, QueryScope } from "./resolve-path.ts";
import { writeFilterLiteral } from "./write-filter-literal.ts";

/** What came of writing a filter, besides its text. */
export interface FilterFindings {
  /** `written → right` for each spelling that was mended. */
  readonly corrections: string[];
  /** Paths of the properties that the filter asks about. */
  readonly paths: Set<string>;
  /** Sentences about conditions that can't hold. */
  readonly doubts: Set<string>;
  /** Paths of texts in which something is searched as it is written. */
  readonly caseSensitive: Set<string>;
}

interface Writer extends FilterFindings {
  readonly scope: QueryScope;
}

/** Writes a filter for the version of the service, every name and value checked against it. Throws through `refuseQuery`. */
export function writeFilter(scope: QueryScope, node: FilterNode, findings: FilterFindings): string {
  return write({ scope, ...findings }, node, undefined);
}

/** `wanted` is what a literal here is compared with. */
function write(writer: Writer, node: FilterNode, wanted: PathTarget | undefined): string {
  const { scope, corrections, paths } = writer;
  switch (node.kind) {
    case "and":
    case "or":
      return node.operands.map((it) => writeOperand(writer, it, node.kind)).join(` ${node.kind} `);
    case "not":
      return `not ${writeInParentheses(writer, node.operand)}`;
    case "group":
      return `(${write(writer, node.operand, wanted)})`;
    case "binary": {
      const left = targetOf(writer, node.left);
      if (node.right.kind === "path") refuseWords(scope, node.right.path, left);
      const right = targetOf(writer, node.right);
      if (node.operator === "eq" || node.operator === "ne") noteDoubts(writer, [node.left, node.right]);
      if (node.operator === "has" && scope.model.odataVersion === "V2") refuseInV2("has");
      const [forLeft, forRight] = [spanOf(node.left) ?? right ?? wanted, spanOf(node.right) ?? left ?? wanted];
      return `${write(writer, node.left, forLeft)} ${node.operator} ${write(writer, node.right, forRight)}`;
    }
    case "in":
      return writeList(writer, node);
    case "call":
      return writeCall(writer, node);
    case "lambda":
      return writeLambda(writer, node);
    case "path":
      paths.add(node.path);
      resolvePath(scope, node.path, "filter");
      return node.path;
    case "literal":
      return writeFilterLiteral(scope.model, node, { wanted, corrections });
  }
}

function writeOperand(writer: Writer, node: FilterNode, outer: "and" | "or"): string {
  const isLooser = node.kind === "or" && outer === "and";
  return isLooser ? writeInParentheses(writer, node) : write(writer, node, undefined);
}

function writeInParentheses(writer: Writer, node: FilterNode): string {
  const text = write(writer, node, undefined);
  return node.kind === "group" ? text : `(${text})`;
}

/** In V2, which has no `in`, a chain of comparisons. */
function writeList(writer: Writer, { left, options }: FilterNode & { kind: "in" }): string {
  const wanted = targetOf(writer, left);
  noteDoubts(writer, [left, ...options]);
  const values = options.map((option) => write(writer, option, wanted));
  const subject = write(writer, left, undefined);
  if (writer.scope.model.odataVersion === "V4") return `${subject} in (${values.join(",")})`;
  if (options.some(isWritten)) writer.corrections.push("in (…) → a chain of eq, since OData V2 has no in");
  return `(${values.map((value) => `${subject} eq ${value}`).join(" or ")})`;
}

function writeCall(writer: Writer, { name, args }: FilterNode & { kind: "call" }): string {
  const { model } = writer.scope;
  // Functions of the service's own, geo functions, and those whose arguments are types.
  if (name.includes(".") || name === "cast" || name === "isof") {
    return `${name}(${args.map((arg) => (arg.kind === "path" && arg.path.includes(".") ? arg.path : write(writer, arg, undefined))).join(",")})`;
  }
  const isOther = name.toLowerCase() === (model.odataVersion === "V2" ? "contains" : "substringof");
  const called = findFilterFunction(isOther ? (model.odataVersion === "V2" ? "substringof" : "contains") : name);
  if (called === undefined || !called.versions.includes(model.odataVersion)) {
    const known = filterFunctionsOf(model.odataVersion);
    return refuseQuery(
      `OData ${model.odataVersion} has no function ${name.slice(0, 60)}.`,
      nearestNames(name, known, `Functions: ${known.join(", ")}.`),
    );
  }
  if (called.name !== name && args.some(isWritten)) writer.corrections.push(`${name} → ${called.name}`);
  if (args.length > called.args.length || args.length < called.args.length - called.optional)
    refuseQuery(`${called.name} takes ${called.args.length} arguments, not ${args.length}.`);
  const ordered = isOther ? args.toReversed() : args;
  const targets = ordered.map((arg) => targetOf(writer, arg));
  // A part of what SAP keeps in capitals is in capitals too.
  const isSearch = ["substringof", "contains", "startswith", "endswith", "indexof"].includes(called.name);
  if (isSearch && called.name !== "indexof") noteSearch(writer, ordered);
  const upper = isSearch ? targets.find((target) => target?.property?.upperCase) : undefined;
  const written = ordered.map((arg, at) => {
    const type = called.args[at];
    const given = targets[at];
    if (type === "Edm.String" && given?.type !== undefined && given.type !== type)
      refuseQuery(`${name} works on text; ${given.path} is ${given.type}.`, "Compare it with eq, gt, ge, lt or le.");
    const wanted = type === "Edm.String" && upper ? upper : { path: called.name, type, many: false };
    return write(writer, arg, wanted);
  });
  return `${called.name}(${written.join(",")})`;
}

function writeLambda(writer: Writer, { path, quantifier, variable, predicate }: LambdaNode): string {
  const { scope } = writer;
  if (scope.model.odataVersion === "V2") refuseInV2(quantifier);
  const target = resolvePath(scope, path, "filter");
  if (!target.many) {
    refuseQuery(
      `${path} leads to one entity, so ${quantifier} has nothing to choose from.`,
      `Use the path ${path}/… instead.`,
    );
  }
  if (predicate === undefined) return `${path}/${quantifier}()`;
  const { property: _collection, ...item } = { ...target, path: variable, many: false };
  const variables = new Map([...(scope.variables ?? []), [variable, item] as const]);
  const inner = write({ ...writer, scope: { ...scope, variables } }, predicate, undefined);
  return `${path}/${quantifier}(${variable}:${inner})`;
}

/** What an operand is, as far as that decides how the literal on the other side is written. */
function targetOf(writer: Writer, node: FilterNode): PathTarget | undefined {
  switch (node.kind) {
    case "path":
      return resolvePath(writer.scope, node.path, "filter");
    case "group":
      return targetOf(writer, node.operand);
    case "call": {
      const result = findFilterFunction(node.name)?.result;
      if (result === undefined) return undefined;
      const [first] = node.args;
      if (result !== "same") return { path: node.name, type: result, many: false };
      return first === undefined ? undefined : targetOf(writer, first);
    }
    case "binary":
      if (!isArithmetic(node.operator)) return { path: node.operator, type: "Edm.Boolean", many: false };
      return targetOf(writer, node.left) ?? targetOf(writer, node.right);
    case "and":
    case "or":
    case "not":
    case "in":
    case "lambda":
      return { path: node.kind, type: "Edm.Boolean", many: false };
    case "literal":
      return undefined;
  }
}

/** A duration that is added to a point in time is not itself one. */
function spanOf(node: FilterNode): PathTarget | undefined {
  const isSpan = node.kind === "literal" && /^duration'/i.test(node.written ?? "");
  return isSpan ? { path: "duration", type: "Edm.Duration", many: false } : undefined;
}

/** Whether a value comes from a text, whose author may want to know how it is spelled. */
function isWritten(node: FilterNode): boolean {
  return node.kind === "literal" && node.written !== undefined;
}

/** A word that is no property, where a text is wanted, has mostly lost its quotes. */
function refuseWords(scope: QueryScope, path: string, wanted: PathTarget | undefined): void {
  const { type, model, variables } = scope;
  const isText = wanted?.type === "Edm.String" || model.enumTypes.has(wanted?.type ?? "");
  const [first = ""] = path.split("/");
  if (!isText || type?.open || first.startsWith("$") || variables?.has(first)) return;
  if (type?.properties.has(first) || type?.navigations.has(first) || model.types.has(first)) return;
  refuseQuery(
    `${path.slice(0, 60)} is no property of ${nameOwner(scope, type, [])}.`,
    `If it is a value of ${wanted?.path}, put it in quotes: '${path.slice(0, 60)}'.`,
    "unknown-property",
  );
}

function refuseInV2(what: string): never {
  return refuseQuery(
    `OData V2 has no ${what}.`,
    "Read the entity set behind the navigation property with a filter of its own, or use a V4 service if there is one.",
  );
}
