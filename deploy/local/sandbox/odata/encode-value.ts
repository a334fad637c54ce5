import type { FieldKind, Value } from "../model/field.ts";
import type { ODataVersion } from "../model/service-definition.ts";

export type Encode = (value: Value) => string;

/** How a stored value is written into JSON. With `exactNumbers` V4 writes decimals and int64 as strings (IEEE754Compatible). */
export function encoderOf(kind: FieldKind, version: ODataVersion, exactNumbers: boolean): Encode {
  const encode =
    version === "V2"
      ? encodersV2[kind]
      : exactNumbers && (kind === "decimal" || kind === "int64")
        ? quote
        : encodersV4[kind];
  return (value) => (value === null ? "null" : encode(value));
}

const raw: Encode = String;
const quote: Encode = (value) => `"${String(value)}"`;

const encodersV2: Readonly<Record<FieldKind, Encode>> = {
  string: JSON.stringify,
  guid: quote,
  decimal: quote,
  int32: raw,
  int64: quote,
  boolean: raw,
  date: (value) => `"\\/Date(${Date.parse(`${value as string}T00:00:00Z`)})\\/"`,
  time: (value) => `"${durationOf(value as string)}"`,
  timestamp: (value) => `"\\/Date(${value as number}+0000)\\/"`,
};

// Decimals and int64 are written from their digits: a JSON number is text and loses nothing here.
const encodersV4: Readonly<Record<FieldKind, Encode>> = {
  string: JSON.stringify,
  guid: quote,
  decimal: raw,
  int32: raw,
  int64: raw,
  boolean: raw,
  date: quote,
  time: quote,
  timestamp: (value) => `"${isoOf(value as number)}"`,
};

/** A value as the text of an XML element of V2. */
export function textOf(value: Exclude<Value, null>, kind: FieldKind): string {
  if (kind === "date") return `${value as string}T00:00:00`;
  if (kind === "time") return durationOf(value as string);
  return kind === "timestamp" ? isoOf(value as number) : String(value);
}

/** A value as a literal of a URL, not yet percent-encoded. */
export function literalOf(value: Value, kind: FieldKind, version: ODataVersion): string {
  if (value === null) return "null";
  const isV2 = version === "V2";
  switch (kind) {
    case "string":
      return `'${(value as string).replaceAll("'", "''")}'`;
    case "guid":
      return isV2 ? `guid'${value as string}'` : (value as string);
    case "decimal":
      return isV2 ? `${value as string}M` : (value as string);
    case "int64":
      return isV2 ? `${value as bigint}L` : String(value);
    case "date":
      return isV2 ? `datetime'${value as string}T00:00:00'` : (value as string);
    case "time":
      return isV2 ? `time'${durationOf(value as string)}'` : (value as string);
    case "timestamp":
      return isV2 ? `datetimeoffset'${isoOf(value as number)}'` : isoOf(value as number);
    case "boolean":
    case "int32":
      return String(value);
  }
}

function durationOf(time: string): string {
  return `PT${time.slice(0, 2)}H${time.slice(3, 5)}M${time.slice(6, 8)}S`;
}

function isoOf(millis: number): string {
  return new Date(millis).toISOString().replace(".000Z", "Z");
}
