import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { compileApply, takeFindings } from "./compile-apply.ts";
import type { ApplyFindings } from "./compile-apply.ts";
import { compileFilter } from "./compile-filter.ts";
import { cutsOf } from "./describe-cuts.ts";
import type { ExpandCut } from "./describe-cuts.ts";
import { rootNode, selectPath } from "./expand-tree.ts";
import { doubtApply } from "./explain-apply.ts";
import { formatOrderby } from "./format-orderby.ts";
import { parseExpand } from "./parse-expand.ts";
import { refuseQuery, settleQuery } from "./refused-query.ts";
import { resolvePath } from "./resolve-path.ts";
import type { QueryScope } from "./resolve-path.ts";
import type { EntitySet, ServiceModel, StructuredType } from "./service-model.ts";
import { writeExpandV2, writeExpandV4 } from "./write-expand.ts";
import type { SelectAndExpand } from "./write-expand.ts";

/** Query options as the caller wrote them. */
export interface QueryOptions {
  readonly $filter?: string | undefined;
  readonly $select?: string | undefined;
  readonly $expand?: string | undefined;
  readonly $orderby?: string | undefined;
  readonly $top?: number | undefined;
  readonly $skip?: number | undefined;
  readonly $search?: string | undefined;
  readonly $apply?: string | undefined;
  /** A filter in JSON, which must hold besides `$filter`; with `$apply` it picks the rows that are aggregated. */
  readonly filter?: unknown;
  /** For a list: asks for the number of all rows that match. */
  readonly count?: boolean;
}

/** What is read: a set, or entities of a type whose set is not known. */
export interface QuerySource {
  readonly name: string;
  readonly type: StructuredType;
  readonly set: EntitySet | undefined;
  /** Whether it is reached from one entity, which narrows it enough. */
  readonly related?: boolean;
}

export interface BuiltQuery {
  /** The query string with its `?`; empty when there is nothing to ask. */
  readonly text: string;
  /** What the rows look like. */
  readonly type: StructuredType;
  /** What the caller should know: spellings that were mended, sums that mix currencies. */
  readonly warnings: readonly string[];
  /** What `$expand` may bring only a part of. */
  readonly cuts: readonly ExpandCut[];
  /** Paths of texts in which something is searched as it is written: a reason for finding nothing. */
  readonly caseSensitive: readonly string[];
  /** There with `$apply`: the paths in it that lead beyond the entity itself. */
  readonly apply?: readonly string[];
}

/**
 * The query string of a read, every name and value in it checked against the service and percent-encoded, so that
 * whatever stands in an option stays within it.
 */
export function buildQuery(model: ServiceModel, source: QuerySource, options: QueryOptions): Outcome<BuiltQuery> {
  return settleQuery(() => build({ model, type: source.type, set: source.set }, source, options));
}

function build(scope: QueryScope, source: QuerySource, options: QueryOptions): BuiltQuery {
  const { model, set } = scope;
  const isV2 = model.odataVersion === "V2";
  const findings: ApplyFindings = {
    corrections: [],
    doubts: new Set(),
    filtered: new Set(),
    caseSensitive: new Set(),
    far: new Set(),
  };
  const apply = readApply(scope, options, findings);
  const rows: QueryScope = apply === undefined ? scope : { model, type: apply.type };
  const filter = compileFilter(rows, { text: options.$filter, json: apply === undefined ? options.filter : undefined });
  takeFindings(findings, filter);
  if (options.count === true && source.related !== true) refuseUnfiltered(set, findings.filtered);
  if (apply !== undefined) refuseSelect(rows, source, options.$select);
  const { select, expand, cuts } = readShape(rows, options, findings);
  const { corrections } = findings;
  const given: [string, string | undefined][] = [
    ["$apply", apply?.text],
    ["$filter", filter.text],
    ["$select", select],
    ["$expand", expand],
    ["$orderby", formatOrderby(rows, options.$orderby)],
    ["$top", options.$top?.toString()],
    ["$skip", options.$skip ? options.$skip.toString() : undefined],
    [isV2 ? "search" : "$search", checkSearch(model, source, options.$search)],
    ...(options.count === true && set?.countable !== false
      ? [[isV2 ? "$inlinecount" : "$count", isV2 ? "allpages" : "true"] as [string, string]]
      : []),
  ];
  const parts = given.flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [`${name}=${encodeURIComponent(value.toWellFormed())}`],
  );
  const sent = given.slice(0, 4).flatMap(([name, value]) => (value ? [`${name}=${value}`] : []));
  return {
    text: parts.length === 0 ? "" : `?${parts.join("&")}`,
    type: rows.type ?? source.type,
    warnings: [
      ...(corrections.length === 0
        ? []
        : [`Corrected ${[...new Set(corrections)].join("; ")}. Sent: ${sent.join("&")}`]),
      ...findings.doubts,
    ],
    cuts,
    caseSensitive: [...findings.caseSensitive],
    ...(apply !== undefined && { apply: [...findings.far] }),
  };
}

function readApply(scope: QueryScope, options: QueryOptions, findings: ApplyFindings) {
  const text = options.$apply?.trim().replace(/^\$apply\s*=\s*/, "") ?? "";
  if (text === "") return undefined;
  if (scope.model.odataVersion === "V2") {
    refuseQuery(
      "OData V2 has no $apply.",
      scope.set?.aggregating
        ? "This entity set adds up its measures by itself: name in $select the dimensions to group by and the measures."
        : "Use a V4 service if there is one; else read the rows with $select and add them up, or ask for the count alone with $top 0.",
    );
  }
  const first = compileFilter(scope, { json: options.filter });
  takeFindings(findings, first);
  const apply = compileApply(scope, text, findings);
  return { ...apply, text: first.text === "" ? apply.text : `filter(${first.text})/${apply.text}` };
}

/** A path such as `customer/name` in `$select` expands what it leads through. */
function readShape(
  scope: QueryScope,
  options: QueryOptions,
  { corrections, doubts }: ApplyFindings,
): SelectAndExpand & Pick<BuiltQuery, "cuts"> {
  const { model } = scope;
  const root = rootNode(scope);
  parseExpand({ model, corrections, doubts }, root, options.$expand);
  const paths = pathsOf(options.$select);
  for (const path of paths) selectPath(model, root, path);
  root.wanted = paths.length === 0;
  return { ...(model.odataVersion === "V2" ? writeExpandV2(root) : writeExpandV4(root)), cuts: cutsOf(root) };
}

function pathsOf(select = ""): string[] {
  return select.split(",").flatMap((path) => (path.trim() === "" ? [] : [path.trim()]));
}

/** Both options name fields, and those of $apply are the last word. */
function refuseSelect(rows: QueryScope, source: QuerySource, select: string | undefined): void {
  const isThere = (path: string) => path === "*" || settleQuery(() => resolvePath(rows, path, "$select")).ok;
  const beyond = pathsOf(select).find((path) => !isThere(path));
  if (beyond === undefined) return;
  const fields = [...(rows.type?.properties.keys() ?? []), ...(rows.type?.navigations.keys() ?? [])];
  refuseQuery(
    `$select names ${beyond.slice(0, 100)}, but the rows of $apply hold ${fields.join(", ")} alone.`,
    `Leave $select out beside $apply. ${doubtApply(source)}`.trimEnd(),
  );
}

/** Some services answer a list only when it is narrowed enough. */
function refuseUnfiltered(set: EntitySet | undefined, filtered: ReadonlySet<string>): void {
  const missing = set?.requiredFilters.filter((name) => !filtered.has(name)) ?? [];
  if (missing.length > 0)
    refuseQuery(`${set?.name} can be read only with a filter on ${missing.join(" and ")}.`, "Add it to filter.");
  if (set?.requiresFilter && filtered.size === 0)
    refuseQuery(`${set.name} can be read only with a filter.`, "Add filter.");
}

function checkSearch(model: ServiceModel, { name, set }: QuerySource, text = ""): string {
  const search = text.trim();
  const isSearchable = set?.searchable ?? model.odataVersion === "V4";
  if (search === "" || isSearchable) return search;
  return refuseQuery(
    `${name} can't be searched with $search.`,
    'Use filter with contains or startswith, e.g. {"field":"Name","op":"contains","value":"text"}.',
  );
}
