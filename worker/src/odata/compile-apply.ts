import { compileFilter } from "./compile-filter.ts";
import type { CompiledFilter } from "./compile-filter.ts";
import { readAfterwards } from "./explain-apply.ts";
import { formatOrderby } from "./format-orderby.ts";
import { refuseQuery, settleQuery, valueOrRefuse } from "./refused-query.ts";
import { resolvePath } from "./resolve-path.ts";
import type { PathTarget, QueryScope } from "./resolve-path.ts";
import type { Navigation, Property, StructuredType } from "./service-model.ts";
import { splitOutsideParentheses } from "./split-list.ts";

export interface CompiledApply {
  readonly text: string;
  /** What the rows look like after the last step. */
  readonly type: StructuredType;
}

export interface ApplyFindings {
  readonly corrections: string[];
  /** Sentences about sums and conditions that may not mean what they seem to. */
  readonly doubts: Set<string>;
  /** Paths by which earlier steps narrowed the rows. */
  readonly filtered: Set<string>;
  /** Paths of texts in which something is searched as it is written. */
  readonly caseSensitive: Set<string>;
  /** Paths over navigation properties and structures by which is grouped, or which are added up. */
  readonly far: Set<string>;
}

/** Adds what came of a filter. */
export function takeFindings(findings: ApplyFindings, filter: CompiledFilter): void {
  findings.corrections.push(...filter.corrections);
  for (const doubt of filter.doubts) findings.doubts.add(doubt);
  for (const path of filter.paths) findings.filtered.add(path);
  for (const path of filter.caseSensitive) findings.caseSensitive.add(path);
}

const form =
  "Write filter(Country eq 'DE')/groupby((Currency),aggregate(Amount with sum as Total,$count as Orders)). Steps are filter, groupby, aggregate, orderby, top and skip; methods are sum, average, min, max and countdistinct.";
const methods = ["sum", "average", "min", "max", "countdistinct"];

/** Checks the steps of `$apply`, each against the rows that the one before brings. Throws through `refuseQuery`. */
export function compileApply(scope: QueryScope, text: string, findings: ApplyFindings): CompiledApply {
  let type = scope.type ?? refuseQuery("There is nothing to aggregate.");
  const steps = splitOutsideParentheses(text, "/") ?? refuseStep(text);
  const written = steps.map((step) => {
    const [, name = "", inner = ""] = /^(\w+)\s*\((.*)\)$/s.exec(step) ?? refuseStep(step);
    refuseUndeclared(scope, name);
    const done = compileStep({ ...scope, type }, { name, inner: inner.trim(), grouped: [] }, findings);
    type = done.type;
    return done.text;
  });
  return { text: written.join("/"), type };
}

interface Step {
  readonly name: string;
  readonly inner: string;
  /** Paths by which the rows are grouped where an aggregate stands. */
  readonly grouped: readonly string[];
}

function compileStep(scope: QueryScope, { name, inner, grouped }: Step, findings: ApplyFindings): CompiledApply {
  const type = scope.type as StructuredType;
  switch (name) {
    case "filter": {
      const filter = compileFilter(scope, { text: inner });
      takeFindings(findings, filter);
      return { text: `filter(${filter.text === "" ? refuseStep("filter()") : filter.text})`, type };
    }
    case "groupby":
      return compileGroupby(scope, inner, findings);
    case "aggregate": {
      const parts = splitOutsideParentheses(inner) ?? [];
      if (parts.length === 0) refuseStep(`aggregate(${inner})`);
      const results = parts.map((part) => compileAggregate(scope, { part, grouped }, findings));
      return { text: `aggregate(${parts.join(",")})`, type: typeOf(type, grouped, results) };
    }
    case "orderby":
      return { text: `orderby(${formatOrderby(scope, inner)})`, type };
    case "top":
    case "skip":
      if (!/^\d{1,9}$/.test(inner)) refuseStep(`${name}(${inner})`);
      return { text: `${name}(${inner})`, type };
    default:
      return refuseStep(`${name}(${inner})`);
  }
}

function compileGroupby(scope: QueryScope, inner: string, findings: ApplyFindings): CompiledApply {
  const [, list, rest] = /^\(([^()]*)\)\s*(?:,(.*))?$/s.exec(inner) ?? refuseStep(`groupby(${inner})`);
  const grouped = (list ?? "").split(",").map((path) => path.trim());
  for (const path of grouped) resolveApplied(scope, path, findings);
  const type = scope.type as StructuredType;
  if (rest === undefined) return { text: `groupby((${grouped.join(",")}))`, type: typeOf(type, grouped, []) };
  const [, name = "", argument = ""] = /^\s*(aggregate)\s*\((.*)\)\s*$/s.exec(rest) ?? refuseStep(`groupby(${inner})`);
  const aggregate = compileStep(scope, { name, inner: argument, grouped }, findings);
  return { text: `groupby((${grouped.join(",")}),${aggregate.text})`, type: aggregate.type };
}

function compileAggregate(
  scope: QueryScope,
  { part, grouped }: { part: string; grouped: readonly string[] },
  findings: ApplyFindings,
): Property {
  const [, path = "", method = "", alias = ""] =
    /^([^\s()',;&]+)(?:\s+with\s+([\w.]+))?\s+as\s+([\p{L}_][\p{L}\p{Nd}_]*)$/u.exec(part) ?? refuseStep(part);
  const result = { name: alias, many: false, nullable: true, not: [] };
  if (path === "$count" && method === "") return { ...result, type: "Edm.Int32" };
  const { property, type = "Edm.Decimal" } = resolveApplied(scope, path, findings);
  if (path.endsWith("/$count") && method === "") return { ...result, type: "Edm.Int32" };
  if (!methods.includes(method) && !method.includes(".")) refuseStep(part);
  if (method === "countdistinct") return { ...result, type: "Edm.Int32" };
  const isSum = method === "sum" || method === "average";
  if (isSum && /^Edm\.(String|Boolean|Guid|Date|DateTime|DateTimeOffset|TimeOfDay|Binary)$/.test(type))
    refuseQuery(`${path} is ${type}, of which there is no ${method}.`, "min, max and countdistinct are possible.");
  const { unit } = property ?? {};
  const unitPath = unit === undefined ? undefined : `${path.slice(0, path.lastIndexOf("/") + 1)}${unit}`;
  if (unitPath !== undefined && !grouped.includes(unitPath) && !findings.filtered.has(unitPath)) {
    findings.doubts.add(
      `${alias} mixes values of ${path} in different ${unitPath}: group by ${unitPath}, or filter on one.`,
    );
  }
  return { ...result, type };
}

function resolveApplied(scope: QueryScope, path: string, { far }: ApplyFindings): PathTarget {
  const target = settleQuery(() => resolvePath(scope, path, "$apply"));
  if (!path.includes("/") || path.endsWith("/$count")) return valueOrRefuse(target);
  far.add(path);
  if (target.ok) return target.value;
  const { kind, message, guidance = "" } = target.failure;
  return refuseQuery(message, `${guidance} ${readAfterwards(path)}`, kind);
}

/** The type of the rows after a grouping: what they are grouped by, and what was computed. */
function typeOf(type: StructuredType, grouped: readonly string[], results: readonly Property[]): StructuredType {
  const kept = new Set(grouped.map((path) => path.split("/", 1)[0] as string));
  const keep = <T extends Property | Navigation>(all: ReadonlyMap<string, T>) =>
    [...all].filter(([name]) => kept.has(name));
  return {
    name: `the rows of $apply`,
    bases: [],
    keys: [],
    open: false,
    properties: new Map([...keep(type.properties), ...results.map((it) => [it.name, it] as const)]),
    navigations: new Map(keep(type.navigations)),
  };
}

function refuseUndeclared({ set }: QueryScope, name: string): void {
  const declared = set?.apply?.transformations ?? [];
  if (declared.length > 0 && !declared.includes(name))
    refuseQuery(`${set?.name} can't do ${name} in $apply.`, `It declares ${declared.join(", ")}.`);
}

function refuseStep(step: string): never {
  return refuseQuery(`$apply has a part that can't be read: ${step.slice(0, 120)}.`, form);
}
