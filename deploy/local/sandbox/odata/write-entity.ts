import type { Row } from "../model/field.ts";
import type { ODataVersion } from "../model/service-definition.ts";
import type { EntitySet } from "../services/entity-set.ts";
import { encoderOf, literalOf } from "./encode-value.ts";
import type { Encode } from "./encode-value.ts";
import type { QueryOptions } from "./query-options.ts";
import { runQuery } from "./run-query.ts";
import type { Shape } from "./shape.ts";

export interface WriteContext {
  readonly version: ODataVersion;
  /** Absolute URL of the service, without a slash at its end. */
  readonly serviceUrl: string;
  /** Whether V4 writes decimals and int64 as strings. */
  readonly exactNumbers: boolean;
  /** False where V2 is to answer in Atom. */
  readonly json: boolean;
}

/** The entity as JSON text, with what its set adds: `__metadata` and deferred links in V2, the ETag in V4. */
export function writeEntity(row: Row, set: EntitySet, options: QueryOptions, context: WriteContext): string {
  const fields = writeFields(row, set, options, context);
  // What is put in here unquoted is percent-encoded or a name of ours: it needs no escaping, which costs more than all else.
  if (context.version === "V4") {
    const expanded = options.expand.size === 0 ? "" : join(writeExpandsV4(row, set, options, context));
    return `{"@odata.etag":"${escapedEtag(row, "V4")}"${fields}${expanded}}`;
  }
  const uri = `${context.serviceUrl}/${canonicalPath(row, set)}`;
  const metadata = `"__metadata":{"id":"${uri}","uri":"${uri}","type":"${set.qualifiedTypeName}","etag":"${escapedEtag(row, "V2")}"}`;
  return `{${metadata}${fields}${join(writeLinksV2(row, set, options, { context, uri }))}}`;
}

/** Rows of an aggregation or values of a complex type: fields and nothing else. */
export function writePlain(row: Row, shape: Shape, options: QueryOptions, context: WriteContext): string {
  return `{${writeFields(row, shape, options, context).slice(1)}}`;
}

/** `A_SalesOrderItem(SalesOrder='1',SalesOrderItem='10')`, percent-encoded. */
export function canonicalPath(row: Row, set: EntitySet): string {
  const version = set.version;
  const literal = ({ name, kind }: EntitySet["keyFields"][number]) =>
    encodeURIComponent(literalOf(row.values[name] ?? null, kind, version));
  const [first] = set.keyFields;
  if (first !== undefined && set.keyFields.length === 1) return `${set.name}(${literal(first)})`;
  return `${set.name}(${set.keyFields.map((field) => `${field.name}=${literal(field)}`).join(",")})`;
}

export function etagOf(row: Row, version: ODataVersion): string {
  return version === "V2"
    ? `W/"datetimeoffset'${row.stamp.replaceAll(":", "%3A")}'"`
    : `W/"${row.stamp.replaceAll(/[-:]/g, "")}"`;
}

function escapedEtag(row: Row, version: ODataVersion): string {
  return etagOf(row, version).replaceAll('"', '\\"');
}

/** `,"Name":value` for each field, so that the result can follow anything. */
function writeFields(row: Row, shape: Shape, { select }: QueryOptions, context: WriteContext): string {
  const { encoders, written } = encodersOf(shape, context);
  if (select !== undefined)
    return encode(
      row,
      encoders.filter(({ name }) => select.has(name)),
    );
  // A row never changes, and most lists are read without $select: written once, it is only copied.
  let text = written.get(row);
  if (text === undefined) written.set(row, (text = encode(row, encoders)));
  return text;
}

function encode(row: Row, encoders: readonly FieldEncoder[]): string {
  return encoders.map(({ name, prefix, encode: write }) => prefix + write(row.values[name] ?? null)).join("");
}

interface FieldEncoder {
  readonly name: string;
  readonly prefix: string;
  readonly encode: Encode;
}

interface ShapeEncoders {
  readonly encoders: readonly FieldEncoder[];
  /** Rows as they were written before, whole. */
  readonly written: WeakMap<Row, string>;
}

const encoderCache = new WeakMap<Shape, Map<string, ShapeEncoders>>();

function encodersOf(shape: Shape, { version, exactNumbers }: WriteContext): ShapeEncoders {
  let variants = encoderCache.get(shape);
  if (variants === undefined) encoderCache.set(shape, (variants = new Map()));
  const variant = exactNumbers ? `${version} exact` : version;
  let found = variants.get(variant);
  if (found === undefined) {
    const encoders = [...shape.fields.values()].map(({ name, kind }) => {
      return { name, prefix: `,"${name}":`, encode: encoderOf(kind, version, exactNumbers) };
    });
    variants.set(variant, (found = { encoders, written: new WeakMap() }));
  }
  return found;
}

function writeLinksV2(
  row: Row,
  set: EntitySet,
  options: QueryOptions,
  { context, uri }: { context: WriteContext; uri: string },
): string[] {
  const parts: string[] = [];
  for (const { name, many, target, follow } of set.navigations.values()) {
    const nested = options.expand.get(name);
    if (nested !== undefined) {
      const entities = follow(row).map((found) => writeEntity(found, target, nested, context));
      parts.push(`"${name}":${many ? `{"results":[${entities.join(",")}]}` : (entities[0] ?? "null")}`);
    } else if (options.select === undefined || options.select.has(name)) {
      parts.push(`"${name}":{"__deferred":{"uri":"${uri}/${name}"}}`);
    }
  }
  return parts;
}

function writeExpandsV4(row: Row, set: EntitySet, options: QueryOptions, context: WriteContext): string[] {
  const parts: string[] = [];
  for (const [name, nested] of options.expand) {
    const navigation = set.navigations.get(name);
    if (navigation === undefined) continue;
    const { target, many, follow } = navigation;
    const { rows, count } = runQuery({ shape: target, rows: follow(row) }, nested, "V4");
    if (count !== undefined) parts.push(`"${name}@odata.count":${count}`);
    const entities = rows.map((found) => writeEntity(found, target, nested, context));
    parts.push(`"${name}":${many ? `[${entities.join(",")}]` : (entities[0] ?? "null")}`);
  }
  return parts;
}

function join(parts: readonly string[]): string {
  return parts.map((part) => `,${part}`).join("");
}
