import type { Field, Value } from "../model/field.ts";
import type { ODataVersion } from "../model/service-definition.ts";
import { refuse } from "./sap-error.ts";

/** A literal of a URL; `text` is without quotes, prefix and suffix. */
export interface ODataLiteral {
  readonly type: "string" | "number" | "boolean" | "null" | "date" | "datetime" | "timestamp" | "time" | "guid";
  readonly text: string;
}

interface LiteralForm {
  readonly type: ODataLiteral["type"];
  readonly pattern: RegExp;
}

const guid = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}";
const date = "\\d{4}-\\d\\d-\\d\\d";
const clock = "\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,12})?)?";
const zone = "(?:Z|[+-]\\d\\d:\\d\\d)";

const sharedForms: readonly LiteralForm[] = [
  { type: "string", pattern: /'((?:[^']|'')*)'/y },
  { type: "boolean", pattern: /(true|false)\b/y },
  { type: "null", pattern: /(null)\b/y },
];

const forms: Readonly<Record<ODataVersion, readonly LiteralForm[]>> = {
  V2: [
    ...sharedForms,
    { type: "datetime", pattern: new RegExp(`datetime'(${date}T${clock})'`, "y") },
    { type: "timestamp", pattern: new RegExp(`datetimeoffset'(${date}T${clock}${zone}?)'`, "y") },
    { type: "time", pattern: /time'(PT(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)'/y },
    { type: "guid", pattern: new RegExp(`guid'(${guid})'`, "y") },
    { type: "number", pattern: /(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)[mMlLdDfF]?(?![\w.-])/y },
  ],
  V4: [
    ...sharedForms,
    { type: "guid", pattern: new RegExp(`(${guid})(?![\\w-])`, "y") },
    { type: "timestamp", pattern: new RegExp(`(${date}T${clock}${zone})`, "y") },
    { type: "date", pattern: new RegExp(`(${date})(?![\\w-])`, "y") },
    { type: "time", pattern: new RegExp(`(${clock})(?![\\w:])`, "y") },
    { type: "number", pattern: /(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.:-])/y },
  ],
};

/** The literal at this place and where it ends, or undefined when there is none that this version of OData knows. */
export function scanLiteral(
  text: string,
  at: number,
  version: ODataVersion,
): { literal: ODataLiteral; end: number } | undefined {
  for (const { type, pattern } of forms[version]) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) continue;
    const inner = match[1] ?? "";
    return { literal: { type, text: type === "string" ? inner.replaceAll("''", "'") : inner }, end: pattern.lastIndex };
  }
  return undefined;
}

/** The stored form of a literal that is compared with, or is the key in, this field. */
export function valueOfLiteral({ type, text }: ODataLiteral, field: Pick<Field, "name" | "kind">): Value {
  if (type === "null") return null;
  const value = convert(type, text, field.kind);
  if (value !== undefined) return value;
  throw refuse(
    "bad-value",
    `Invalid value '${text}' for property '${field.name}': a literal of type ${field.kind} is expected`,
    field.name,
  );
}

function convert(type: ODataLiteral["type"], text: string, kind: Field["kind"]): Value | undefined {
  switch (kind) {
    case "string":
      return type === "string" ? text : undefined;
    case "guid":
      return type === "guid" ? text.toLowerCase() : undefined;
    case "boolean":
      return type === "boolean" ? text === "true" : undefined;
    case "decimal":
      return type === "number" && !/e/i.test(text) ? text : undefined;
    case "int32":
      return type === "number" && /^-?\d+$/.test(text) ? Number(text) : undefined;
    case "int64":
      return type === "number" && /^-?\d+$/.test(text) ? BigInt(text) : undefined;
    case "date":
      return (type === "date" || type === "datetime") && isDate(text.slice(0, 10)) ? text.slice(0, 10) : undefined;
    case "timestamp": {
      const millis =
        type === "timestamp" || type === "datetime"
          ? Date.parse(/Z|[+-]\d\d:\d\d$/.test(text) ? text : `${text}Z`)
          : Number.NaN;
      return Number.isNaN(millis) ? undefined : millis;
    }
    case "time":
      if (type !== "time") return undefined;
      return text.startsWith("PT") ? timeOfDuration(text) : text.length === 5 ? `${text}:00` : text.slice(0, 8);
  }
}

export function isDate(text: string): boolean {
  const millis = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // The 31st of February is taken for the 3rd of March.
  return !Number.isNaN(millis) && new Date(millis).toISOString().startsWith(text);
}

/** `PT8H5M3S` → `08:05:03`. */
export function timeOfDuration(duration: string): string | undefined {
  const match = /^PT(?:(\d{1,2})H)?(?:(\d{1,2})M)?(?:(\d{1,2})(?:\.\d+)?S)?$/.exec(duration);
  return match === null
    ? undefined
    : [match[1], match[2], match[3]].map((part) => (part ?? "").padStart(2, "0")).join(":");
}
