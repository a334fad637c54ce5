import type { Field, Row } from "../model/field.ts";
import type { EntitySet } from "../services/entity-set.ts";
import { encoderOf } from "./encode-value.ts";
import type { ODataAnswer } from "./odata-message.ts";
import { noOptions } from "./query-options.ts";
import type { QueryOptions } from "./query-options.ts";
import { writeAtomComplex, writeAtomEntry, writeAtomFeed, writeXmlProperty } from "./write-atom.ts";
import { canonicalPath, etagOf, writeEntity, writePlain } from "./write-entity.ts";
import type { WriteContext } from "./write-entity.ts";
import type { Shape } from "./shape.ts";

/** What is written about an entity, and how. */
export interface EntityForm {
  readonly context: WriteContext;
  readonly options?: QueryOptions;
}

export function answerEntity(
  set: EntitySet,
  row: Row,
  { context, options = noOptions }: EntityForm,
  extra: { status?: number; headers?: Record<string, string> } = {},
): ODataAnswer {
  const headers = { ...contentHeaders(context, "entry"), etag: etagOf(row, context.version), ...extra.headers };
  return { status: extra.status ?? 200, headers, body: entityBody(set, row, { context, options }) };
}

export interface EntityList {
  readonly set: EntitySet;
  /** The shape of the rows, where an aggregation made another of it. */
  readonly shape: Shape;
  readonly rows: readonly Row[];
  readonly count: number | undefined;
  /** Path of the next page, relative to the service. */
  readonly next: string | undefined;
}

export function answerList(list: EntityList, { context, options = noOptions }: EntityForm): ODataAnswer {
  const headers = contentHeaders(context, "feed");
  const { set, shape, rows, count, next } = list;
  if (!context.json) return { status: 200, headers, body: writeAtomFeed(list, options, context) };
  const isPlain = shape !== set;
  const written = rows.map((row) =>
    isPlain ? writePlain(row, shape, options, context) : writeEntity(row, set, options, context),
  );
  const entities = `[${written.join(",")}]`;
  if (context.version === "V2") {
    const counted = count === undefined ? "" : `"__count":"${count}",`;
    const link = next === undefined ? "" : `,"__next":${JSON.stringify(`${context.serviceUrl}/${next}`)}`;
    return { status: 200, headers, body: `{"d":{${counted}"results":${entities}${link}}}` };
  }
  const counted = count === undefined ? "" : `"@odata.count":${count},`;
  const link = next === undefined ? "" : `,"@odata.nextLink":${JSON.stringify(next)}`;
  const body = `{"@odata.context":"$metadata#${set.name}",${counted}"value":${entities}${link}}`;
  return { status: 200, headers, body };
}

/** Values of a complex type, as an operation returns them. */
export function answerComplex(
  row: Row,
  shape: Shape,
  { context, name }: { context: WriteContext; name: string },
): ODataAnswer {
  const headers = contentHeaders(context, "entry");
  if (!context.json) return { status: 200, headers, body: writeAtomComplex(row, shape, name) };
  const values = writePlain(row, shape, noOptions, context).slice(1);
  const isV2 = context.version === "V2";
  const body = isV2
    ? `{"d":{"${name}":{"__metadata":{"type":"${shape.typeName}"},${values}}}`
    : `{"@odata.context":"$metadata#${shape.typeName}",${values}`;
  return { status: 200, headers, body };
}

/** One property of an entity, which V4 leaves out when it is null. */
export function answerProperty(
  row: Row,
  { name, kind }: Field,
  { context, set }: { context: WriteContext; set: EntitySet },
): ODataAnswer {
  const value = row.values[name] ?? null;
  if (value === null && context.version === "V4") return { status: 204, headers: versionHeader(context), body: "" };
  const headers = contentHeaders(context, "property");
  if (!context.json) return { status: 200, headers, body: writeXmlProperty(row, { name, kind }) };
  const json = encoderOf(kind, context.version, context.exactNumbers)(value);
  const body =
    context.version === "V2"
      ? `{"d":{"${name}":${json}}}`
      : `{"@odata.context":"$metadata#${canonicalPath(row, set)}/${name}","value":${json}}`;
  return { status: 200, headers, body };
}

/** The header that says which version of OData this is. */
export function versionHeader({ version }: Pick<WriteContext, "version">): Record<string, string> {
  return version === "V2" ? { dataserviceversion: "2.0" } : { "odata-version": "4.0" };
}

function contentHeaders(context: WriteContext, kind: "entry" | "feed" | "property"): Record<string, string> {
  const { version, exactNumbers, json } = context;
  const exact = exactNumbers ? "IEEE754Compatible=true;" : "";
  const type = !json
    ? kind === "property"
      ? "application/xml;charset=utf-8"
      : `application/atom+xml;type=${kind};charset=utf-8`
    : version === "V2"
      ? "application/json;charset=utf-8"
      : `application/json;odata.metadata=minimal;${exact}charset=utf-8`;
  return { "content-type": type, ...versionHeader(context) };
}

function entityBody(set: EntitySet, row: Row, { context, options = noOptions }: EntityForm): string {
  if (!context.json) return writeAtomEntry(row, set, options, context);
  const entity = writeEntity(row, set, options, context);
  if (context.version === "V2") return `{"d":${entity}}`;
  return `{"@odata.context":"$metadata#${set.name}/$entity",${entity.slice(1)}`;
}
