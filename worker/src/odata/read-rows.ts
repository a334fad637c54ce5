import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { SapAnswer } from "./answer.ts";
import { isoOfJsonDate } from "./edm-time.ts";
import type { Row } from "./format-key.ts";
import { parseJsonExactly } from "./parse-json.ts";
import { RefusedDocument } from "./refused-document.ts";
import type { ServiceModel, StructuredType } from "./service-model.ts";

const maxDepth = 30;

export interface Page {
  readonly rows: Row[];
  /** Rows that match in SAP, if SAP counted them. */
  readonly total?: number;
  /** The link to the next page as SAP wrote it. */
  readonly next?: string;
  /** Navigation properties of which SAP sent only a part. */
  readonly partial: readonly string[];
}

export interface Entity {
  readonly row: Row;
  readonly etag?: string;
}

/** The rows in SAP's answer to the reading of a set. */
export function readPage(model: ServiceModel, type: StructuredType, answer: SapAnswer): Outcome<Page> {
  return readJson(answer, (json) => {
    const partial = new Set<string>();
    const reader: Reader = { model, partial };
    const content = model.odataVersion === "V2" ? json["d"] : json;
    const facts = isObject(content) ? content : {};
    const items = Array.isArray(content) ? content : (facts["results"] ?? facts["value"]);
    if (!Array.isArray(items)) return undefined;
    const total = Number(facts["__count"] ?? facts["@odata.count"] ?? facts["@count"] ?? Number.NaN);
    const next = facts["__next"] ?? facts["@odata.nextLink"] ?? facts["@nextLink"];
    return {
      rows: items.map((item) => readRow(reader, type, item, 0)),
      ...(Number.isSafeInteger(total) && { total }),
      ...(typeof next === "string" && { next }),
      partial: [...partial],
    };
  });
}

/** The one entity in SAP's answer, and its ETag. */
export function readEntity(model: ServiceModel, type: StructuredType, answer: SapAnswer): Outcome<Entity> {
  return readJson(answer, (json) => {
    const content = model.odataVersion === "V2" ? json["d"] : json;
    if (!isObject(content)) return undefined;
    const metadata = content["__metadata"];
    const etag =
      answer.headers["etag"] ??
      (isObject(metadata) ? metadata["etag"] : undefined) ??
      content["@odata.etag"] ??
      content["@etag"];
    return {
      row: readRow({ model, partial: new Set() }, type, content, 0),
      ...(typeof etag === "string" && { etag }),
    };
  });
}

function readJson<T>(answer: SapAnswer, read: (json: Record<string, unknown>) => T | undefined): Outcome<T> {
  const json = parseJsonExactly(answer.body);
  try {
    const value = isObject(json) ? read(json) : undefined;
    if (value !== undefined) return succeed(value);
  } catch (error) {
    if (!(error instanceof RefusedDocument)) throw error;
    return fail("bad-answer", `SAP's answer can't be read: ${error.message}.`);
  }
  const what = /^\s*</.test(answer.body) ? "a page or XML" : answer.body.trim() === "" ? "nothing" : "something else";
  return fail(
    "bad-answer",
    `SAP answered with status ${answer.status} but with ${what} where OData's JSON was expected.`,
    {
      guidance:
        "A logon page or a proxy may stand between this server and SAP; the administrator should look at the destination.",
    },
  );
}

interface Reader {
  readonly model: ServiceModel;
  readonly partial: Set<string>;
}

function readRow(reader: Reader, type: StructuredType | undefined, value: unknown, depth: number): Row {
  if (depth > maxDepth) throw new RefusedDocument(`it is nested more than ${maxDepth} levels deep`);
  const fields: [string, unknown][] = [];
  for (const [name, raw] of Object.entries(isObject(value) ? value : {})) {
    if (name === "__metadata" || (isObject(raw) && "__deferred" in raw)) continue;
    const at = name.indexOf("@");
    if (at !== -1) {
      // Control information. A link to further items of an expanded collection means that some are missing.
      if (name.endsWith("nextLink")) reader.partial.add(name.slice(0, at));
      if (at > 0 && /^@(odata\.)?count$/.test(name.slice(at)) && Number.isSafeInteger(Number(raw)))
        fields.push([`${name.slice(0, at)}@count`, Number(raw)]);
      continue;
    }
    if (isObject(raw) && typeof raw["__next"] === "string") reader.partial.add(name);
    fields.push([name, readField(reader, type, { name, raw }, depth)]);
  }
  return Object.fromEntries(fields);
}

function readField(
  reader: Reader,
  owner: StructuredType | undefined,
  { name, raw }: { name: string; raw: unknown },
  depth: number,
): unknown {
  const declared = owner?.properties.get(name)?.type ?? owner?.navigations.get(name)?.type;
  const content = isObject(raw) && Array.isArray(raw["results"]) ? raw["results"] : raw;
  const readItem = (item: unknown) =>
    isObject(item)
      ? readRow(reader, reader.model.types.get(declared ?? ""), item, depth + 1)
      : readScalar(reader.model, declared, item);
  return Array.isArray(content) ? content.map(readItem) : readItem(content);
}

function readScalar(model: ServiceModel, type: string | undefined, value: unknown): unknown {
  if (typeof value === "number") return type === "Edm.Decimal" || type === "Edm.Int64" ? String(value) : value;
  if (typeof value !== "string" || model.odataVersion === "V4" || type === "Edm.String") return value;
  if (type === "Edm.Double" || type === "Edm.Single")
    return value.trim() !== "" && Number.isFinite(Number(value)) ? Number(value) : value;
  return value.startsWith("/Date(") ? (isoOfJsonDate(value) ?? value) : value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
