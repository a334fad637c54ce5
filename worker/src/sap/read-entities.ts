import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { buildQuery } from "../odata/build-query.ts";
import type { QueryOptions } from "../odata/build-query.ts";
import { explainApply } from "../odata/explain-apply.ts";
import { explainMissing } from "../odata/explain-missing.ts";
import { findKey } from "../odata/failure-guidance.ts";
import { formatEntityPath } from "../odata/format-key.ts";
import type { Row } from "../odata/format-key.ts";
import { jsonAccept } from "../odata/media-types.ts";
import { readEntity } from "../odata/read-rows.ts";
import type { Entity } from "../odata/read-rows.ts";
import { remarkRows } from "../odata/remark-rows.ts";
import type { StructuredType } from "../odata/service-model.ts";
import { collectPages } from "./collect-pages.ts";
import { talk } from "./contact.ts";
import type { Result } from "./execute-operation.ts";
import type { LocatedEntitySet } from "./locate-service.ts";
import { sourceOf } from "./read-source.ts";
import type { ReadSource } from "./read-source.ts";

const defaultTop = 100;

export interface ReadArguments {
  /** The key of the entity where `navigation` begins. */
  readonly parameters: Row;
  readonly navigation?: string | undefined;
  readonly options: QueryOptions;
}

/** Rows before they are cut to the size of an answer. */
export interface RowsRead {
  readonly rows: Row[];
  readonly total?: number;
  /** Absent where no rows were asked for. */
  readonly hasMore?: boolean;
  /** The set of the rows, where the service says which it is. */
  readonly entitySet?: string;
  /** `$skip` of the first row. */
  readonly skip: number;
  readonly warnings: readonly string[];
}

/** Rows of a set or behind a navigation property, with the number of all that match. */
export async function readRows(located: LocatedEntitySet, args: ReadArguments): Promise<Outcome<RowsRead>> {
  const source = sourceOf(located, args);
  if (!source.ok) return source;
  if (!source.value.many) return readRelated(located, source.value, args.options);
  const { set } = source.value;
  const { maxRows } = located.contact.sap.settings.read;
  const skip = args.options.$skip ?? 0;
  // Where a set can't skip, what is to be skipped is read and dropped.
  const dropped = set?.skippable === false ? skip : 0;
  const wanted = args.options.$top ?? defaultTop;
  const top = Math.min(wanted, Math.max(0, maxRows - dropped));
  const query = buildQuery(located.model, source.value, {
    ...args.options,
    $top: set?.topable === false ? undefined : top + dropped,
    $skip: skip - dropped,
    count: true,
  });
  if (!query.ok) return query;
  const path = `${located.service.path}/${source.value.path}${query.value.text}`;
  const read = await talk(located.contact, (it) =>
    collectPages(located, it, { path, type: query.value.type, maxRows: top + dropped }),
  );
  if (!read.ok) return { ok: false, failure: explainApply(read.failure, query.value, source.value) };
  const { isCut, partial, stopped } = read.value;
  const rows = read.value.rows.slice(dropped);
  const isFull = top > 0 && rows.length === top;
  // Where SAP does not count, a full page may have been the last one; one that is not full was.
  const isEnd = !isCut && !isFull && (rows.length > 0 || (skip === 0 && top > 0));
  const total = read.value.total ?? (isEnd ? skip + rows.length : undefined);
  const hasMore = total === undefined ? isCut || isFull : skip + rows.length < total;
  const limit = stopped ?? (wanted > top ? `${maxRows} rows are read at once at most` : undefined);
  return succeed({
    rows,
    ...(total !== undefined && { total }),
    ...(wanted > 0 && { hasMore }),
    ...(set !== undefined && { entitySet: set.name }),
    skip,
    warnings: [
      ...remarkRows(query.value, { rows, total }),
      ...(wanted === 0 && total === undefined ? [`SAP does not count ${source.value.name}.`] : []),
      ...(wanted > 0 && hasMore && limit !== undefined ? [`Only ${rows.length} rows: ${limit}.`] : []),
      ...(set?.aggregating ? [`${set.name} adds up its measures over every dimension that $select leaves out.`] : []),
      ...partial.map((name) => `SAP sent only a part of ${name}; read the rest with navigation from its parent.`),
    ],
  });
}

/** One entity by its key. */
export async function readSingle(
  located: LocatedEntitySet,
  keys: Row,
  options: QueryOptions,
): Promise<Outcome<Result>> {
  const { model, set } = located;
  const sought = { model, set, operation: "read-single", parameters: keys };
  const path = formatEntityPath(model, set, keys);
  if (!path.ok) return path;
  const query = buildQuery(model, { name: set.name, type: set.type, set }, options);
  if (!query.ok) return query;
  const entity = await readOne(located, `${path.value}${query.value.text}`, query.value.type);
  if (!entity.ok) return { ok: false, failure: explainMissing(entity.failure, sought) };
  if (entity.value === undefined)
    return fail("not-found", `${set.name} has no entity with this key.`, { guidance: findKey });
  const { row, etag } = entity.value;
  const warnings = remarkRows(query.value, { rows: [row], total: 1 });
  return succeed({ entity: row, ...(etag !== undefined && { etag }), ...(warnings.length > 0 && { warnings }) });
}

/** The entity behind a navigation property that leads to one, as the only row; no row where there is none. */
async function readRelated(
  located: LocatedEntitySet,
  source: ReadSource,
  options: QueryOptions,
): Promise<Outcome<RowsRead>> {
  const useless = Object.entries(options).find(
    ([name, value]) => value !== undefined && !["$select", "$expand", "$count"].includes(name),
  );
  if (useless !== undefined)
    return fail("invalid-input", `${source.name} is one entity: there is no use for ${useless[0]}.`);
  const query = buildQuery(located.model, source, options);
  if (!query.ok) return query;
  const entity = await readOne(located, `${source.path}${query.value.text}`, query.value.type);
  if (!entity.ok) return entity;
  const rows = entity.value === undefined ? [] : [entity.value.row];
  return succeed({
    rows,
    total: rows.length,
    hasMore: false,
    ...(source.set !== undefined && { entitySet: source.set.name }),
    skip: 0,
    warnings: remarkRows(query.value, { rows, total: rows.length }),
  });
}

function readOne(
  { contact, service, model }: LocatedEntitySet,
  path: string,
  type: StructuredType,
): Promise<Outcome<Entity | undefined>> {
  return talk(contact, async ({ read }) => {
    const answer = await read({ path: `${service.path}/${path}`, headers: { accept: jsonAccept(model.odataVersion) } });
    if (!answer.ok) return answer;
    if (answer.value.status === 204) return succeed(undefined);
    return readEntity(model, type, answer.value);
  });
}
