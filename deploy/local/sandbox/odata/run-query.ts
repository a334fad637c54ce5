import type { Row } from "../model/field.ts";
import type { ODataVersion } from "../model/service-definition.ts";
import { applyTransformations } from "./apply-transformations.ts";
import { compileFilter } from "./compile-filter.ts";
import type { QueryOptions } from "./query-options.ts";
import type { Shape } from "./shape.ts";
import { sortRows } from "./sort-rows.ts";

export interface QueryResult {
  readonly shape: Shape;
  readonly rows: readonly Row[];
  /** Rows that match, on all pages together. */
  readonly count: number | undefined;
  /** Where the next page begins, when this one is full and there is more. */
  readonly nextSkipToken: number | undefined;
}

/** Filters, sorts and cuts; reads no more rows than the answer needs. */
export function runQuery(
  source: { shape: Shape; rows: Iterable<Row> },
  options: QueryOptions,
  version: ODataVersion,
  pageSize = Infinity,
): QueryResult {
  const { shape, rows } = options.apply === undefined ? source : applyTransformations(source, options.apply);
  const tests: ((row: Row) => boolean)[] = [];
  if (options.filter !== undefined) tests.push(compileFilter(options.filter, shape, version));
  if (options.search !== undefined) tests.push(compileSearch(options.search, shape));
  const from = options.skip + options.skipToken;
  const limit = Math.min(pageSize, Math.max(0, (options.top ?? Infinity) - options.skipToken));
  const isCutByPage = limit === pageSize && options.top !== options.skipToken + pageSize;

  const candidates = options.orderBy.length === 0 ? rows : sortRows(filterRows(rows, tests), options.orderBy, shape);
  const remaining = options.orderBy.length === 0 ? tests : [];
  const page: Row[] = [];
  let matches = 0;
  for (const row of candidates) {
    if (!remaining.every((test) => test(row))) continue;
    if (matches >= from && page.length < limit) page.push(row);
    matches++;
    if (!options.count && matches > from + limit) break;
  }
  return {
    shape,
    rows: page,
    count: options.count ? matches : undefined,
    nextSkipToken: isCutByPage && matches > from + limit ? options.skipToken + limit : undefined,
  };
}

/** The number of rows that match, whatever the page. */
export function countRows(
  source: { shape: Shape; rows: Iterable<Row> },
  options: QueryOptions,
  version: ODataVersion,
): number {
  return runQuery(source, { ...options, top: 0, skip: 0, skipToken: 0, orderBy: [], count: true }, version).count ?? 0;
}

function filterRows(rows: Iterable<Row>, tests: readonly ((row: Row) => boolean)[]): Row[] {
  const kept: Row[] = [];
  for (const row of rows) if (tests.every((test) => test(row))) kept.push(row);
  return kept;
}

/** Every word must occur in some text field, in whatever case. */
function compileSearch(search: string, shape: Shape): (row: Row) => boolean {
  const words = [...search.matchAll(/"([^"]*)"|(\S+)/g)]
    .map((match) => (match[1] ?? match[2] ?? "").toLowerCase())
    .filter((word) => word !== "and");
  const names = [...shape.fields.values()].filter((field) => field.kind === "string").map((field) => field.name);
  return (row) =>
    words.every((word) =>
      names.some((name) =>
        String(row.values[name] ?? "")
          .toLowerCase()
          .includes(word),
      ),
    );
}
