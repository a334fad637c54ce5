import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { buildQuery } from "../odata/build-query.ts";
import type { QueryOptions } from "../odata/build-query.ts";
import { formatEntityPath } from "../odata/format-key.ts";
import type { Row } from "../odata/format-key.ts";
import { jsonAccept } from "../odata/media-types.ts";
import { readEntity, readPage } from "../odata/read-rows.ts";
import { pathOfLink } from "../odata/service-path.ts";
import { talk } from "./contact.ts";
import type { Talk } from "./contact.ts";
import type { Result } from "./execute-operation.ts";
import type { LocatedEntitySet } from "./locate-service.ts";

const defaultTop = 100;

/** Rows of a set, with the number of all that match; pages of SAP are followed until `$top` rows are there. */
export async function readRows(located: LocatedEntitySet, options: QueryOptions): Promise<Outcome<Result>> {
  const { contact, service, model, set } = located;
  const top = options.$top ?? defaultTop;
  const skip = options.$skip ?? 0;
  const query = buildQuery(model, set, { ...options, $top: top, count: true });
  if (!query.ok) return query;
  const read = await talk(contact, (it) =>
    collectRows(located, it, { path: `${service.path}/${encodeURIComponent(set.name)}${query.value}`, top }),
  );
  if (!read.ok) return read;
  const { rows, total, isCut, partial } = read.value;
  // Where SAP does not count, a full page may have been the last one.
  const hasMore = total === undefined ? isCut || (top > 0 && rows.length === top) : skip + rows.length < total;
  return succeed({
    rows,
    ...(total !== undefined && { total }),
    hasMore,
    ...(hasMore && { nextSkip: skip + rows.length }),
    ...(partial.length > 0 && {
      warnings: partial.map((name) => `SAP sent only a part of ${name}; read the rest from its own entity set.`),
    }),
  });
}

/** One entity by its key. */
export async function readSingle(
  located: LocatedEntitySet,
  keys: Row,
  options: QueryOptions,
): Promise<Outcome<Result>> {
  const { contact, service, model, set } = located;
  const path = formatEntityPath(model, set, keys);
  if (!path.ok) return path;
  const query = buildQuery(model, set, options);
  if (!query.ok) return query;
  return talk(contact, async ({ read }) => {
    const answer = await read({
      path: `${service.path}/${path.value}${query.value}`,
      headers: { accept: jsonAccept(model.odataVersion) },
    });
    if (!answer.ok) return answer;
    const entity = readEntity(model, set.type, answer.value);
    return entity.ok ? succeed({ entity: entity.value.row }) : entity;
  });
}

interface Collected {
  readonly rows: Row[];
  readonly total: number | undefined;
  /** Whether SAP has more rows than were wanted. */
  readonly isCut: boolean;
  /** Navigation properties of which SAP sent only a part. */
  readonly partial: readonly string[];
}

async function collectRows(
  { contact, service, model, set }: LocatedEntitySet,
  { read }: Talk,
  start: { path: string; top: number },
): Promise<Outcome<Collected>> {
  const { maxAnswerBytes } = contact.sap.settings;
  const rows: Row[] = [];
  const partial = new Set<string>();
  let bytes = 0;
  let total: number | undefined;
  let path = start.path;
  for (;;) {
    const answer = await read({ path, headers: { accept: jsonAccept(model.odataVersion) } });
    if (!answer.ok) return answer;
    const page = readPage(model, set.type, answer.value);
    if (!page.ok) return page;
    const { next } = page.value;
    for (const row of page.value.rows) rows.push(row);
    for (const name of page.value.partial) partial.add(name);
    total ??= page.value.total;
    if (next === undefined || rows.length >= start.top) {
      const isCut = next !== undefined || rows.length > start.top;
      return succeed({ rows: rows.slice(0, start.top), total, isCut, partial: [...partial] });
    }
    bytes += Buffer.byteLength(answer.value.body);
    if (bytes > maxAnswerBytes) {
      return fail("too-large", `The rows take more than ${maxAnswerBytes} bytes.`, {
        guidance: "Ask for less at once: fewer fields with $select, fewer rows with $top or $filter.",
      });
    }
    const following = pathOfLink(next, { destinationPath: contact.destination.path, requestPath: path });
    if (following === undefined || !following.startsWith(`${service.path}/`)) {
      return fail("bad-answer", `SAP's link to the next page of ${set.name} leads out of the service.`);
    }
    path = following;
  }
}
