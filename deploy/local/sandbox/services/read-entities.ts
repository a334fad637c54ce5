import type { Row } from "../model/field.ts";
import type { QueryOptions } from "../odata/query-options.ts";
import { countRows, runQuery } from "../odata/run-query.ts";
import { refuse } from "../odata/sap-error.ts";
import { fieldOf, navigationOf } from "../odata/shape.ts";
import { answerEntity, answerList } from "../odata/write-answer.ts";
import type { WriteContext } from "../odata/write-entity.ts";
import type { ODataAnswer } from "../odata/odata-message.ts";
import { rowFilterOf } from "./access.ts";
import type { SandboxUser } from "./access.ts";
import type { EntitySet } from "./entity-set.ts";
import { narrowRows } from "./narrow-rows.ts";
import type { CollectionTarget } from "./resolve-target.ts";

/** Most rows that one answer holds; the rest is behind `__next` or `@odata.nextLink`. */
const pageSize = 1_000;

export interface ReadRequest {
  readonly options: QueryOptions;
  readonly user: SandboxUser;
  readonly context: WriteContext;
  /** Path and query as they came, from which the link to the next page is made. */
  readonly path: string;
  readonly query: string;
}

export function readCollection(target: CollectionTarget, request: ReadRequest): ODataAnswer {
  const { set } = target;
  const { options, context } = request;
  checkOptions(set, options);
  const source = { shape: set, rows: sourceOf(target, request) };
  const { shape, rows, count, nextSkipToken } = runQuery(source, options, context.version, pageSize);
  const next = nextSkipToken === undefined ? undefined : nextPath(request, nextSkipToken);
  return answerList({ set, shape, rows, count, next }, { context, options });
}

export function countCollection(target: CollectionTarget, request: ReadRequest): ODataAnswer {
  const { options, context } = request;
  checkOptions(target.set, options);
  const count = countRows({ shape: target.set, rows: sourceOf(target, request) }, options, context.version);
  return { status: 200, headers: { "content-type": "text/plain;charset=utf-8" }, body: String(count) };
}

export function readEntity(
  set: EntitySet,
  row: Row,
  { options, context }: Pick<ReadRequest, "options" | "context">,
): ODataAnswer {
  checkOptions(set, options);
  return answerEntity(set, row, { context, options });
}

/** @throws SapError when $select or $expand, at whatever depth, name what is not there. */
function checkOptions(set: EntitySet, options: QueryOptions): void {
  if (options.apply !== undefined && set.definition.aggregatable !== true)
    throw refuse("bad-option", `System query option '$apply' is not supported for '${set.name}'`, "$apply");
  if (options.search !== undefined && set.definition.searchable !== true)
    throw refuse("bad-option", `Searching is not supported for '${set.name}'`, "$search");
  if (options.apply === undefined)
    for (const name of options.select ?? []) if (!set.navigations.has(name)) fieldOf(set, name);
  for (const [name, nested] of options.expand) {
    navigationOf(set, name);
    const target = set.navigations.get(name)?.target;
    if (target !== undefined) checkOptions(target, nested);
  }
}

function sourceOf({ set, rows }: CollectionTarget, { options, user }: ReadRequest): Iterable<Row> {
  const source = rows ?? narrowRows(set, options.apply === undefined ? options.filter : undefined);
  const isVisible = rowFilterOf(user, set);
  return isVisible === undefined ? source : [...source].filter(isVisible);
}

function nextPath({ path, query }: ReadRequest, skipToken: number): string {
  const others = query.split("&").filter((part) => part !== "" && !/^(\$|%24)skiptoken=/.test(part));
  return `${path}?${[...others, `$skiptoken=${skipToken}`].join("&")}`;
}
