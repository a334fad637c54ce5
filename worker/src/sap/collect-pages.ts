import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { Row } from "../odata/format-key.ts";
import { jsonAccept } from "../odata/media-types.ts";
import { readPage } from "../odata/read-rows.ts";
import type { StructuredType } from "../odata/service-model.ts";
import { pathOfLink } from "../odata/service-path.ts";
import type { Talk } from "./contact.ts";
import type { LocatedEntitySet } from "./locate-service.ts";

/** Where reading begins, what the rows look like, and how many are wanted. */
export interface PageStart {
  readonly path: string;
  readonly type: StructuredType;
  readonly maxRows: number;
}

export interface CollectedRows {
  readonly rows: Row[];
  readonly total: number | undefined;
  /** Whether SAP has more rows than were wanted or read. */
  readonly isCut: boolean;
  /** Navigation properties of which SAP sent only a part. */
  readonly partial: readonly string[];
  /** Why reading ended before there were as many rows as were wanted. */
  readonly stopped: string | undefined;
}

/** Follows `__next` and `@odata.nextLink` until there are rows enough or a budget is spent; what was read until then is kept. */
export async function collectPages(
  located: LocatedEntitySet,
  { read }: Talk,
  start: PageStart,
): Promise<Outcome<CollectedRows>> {
  const { contact, model } = located;
  const { maxPages, maxBytes, timeBudgetMs } = contact.sap.settings.read;
  const giveUpAt = performance.now() + timeBudgetMs;
  const rows: Row[] = [];
  const partial = new Set<string>();
  let bytes = 0;
  let total: number | undefined;
  let path = start.path;
  for (let pages = 1; ; pages += 1) {
    const answer = await read({ path, headers: { accept: jsonAccept(model.odataVersion) } });
    const page = answer.ok ? readPage(model, start.type, answer.value) : answer;
    const collect = (isCut: boolean, stopped?: string) =>
      succeed({ rows: rows.slice(0, start.maxRows), total, isCut, partial: [...partial], stopped });
    if (!page.ok) {
      const { kind, message } = page.failure;
      const isLost = pages === 1 || kind === "cancelled" || kind === "deadline";
      return isLost ? page : collect(true, `SAP failed on page ${pages} (${message})`);
    }
    const { next } = page.value;
    for (const row of page.value.rows) rows.push(row);
    for (const name of page.value.partial) partial.add(name);
    total ??= page.value.total;
    if (next === undefined || rows.length >= start.maxRows)
      return collect(next !== undefined || rows.length > start.maxRows);
    bytes += answer.ok ? Buffer.byteLength(answer.value.body) : 0;
    if (pages >= maxPages) return collect(true, `${maxPages} pages of SAP were read, which is the limit`);
    if (bytes >= maxBytes) return collect(true, `${maxBytes} bytes were read, which is the limit`);
    if (performance.now() >= giveUpAt) return collect(true, `reading took ${timeBudgetMs} ms, which is the limit`);
    const following = pathOfLink(next, { destinationPath: contact.destination.path, requestPath: path });
    if (following === undefined || !following.startsWith(`${located.service.path}/`)) {
      return fail("bad-answer", `SAP's link to the next page of ${located.set.name} leads out of the service.`);
    }
    path = following;
  }
}
