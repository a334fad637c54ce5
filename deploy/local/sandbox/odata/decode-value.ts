import { scaleOf } from "../data/decimal.ts";
import type { Field, Value } from "../model/field.ts";
import type { ODataVersion } from "../model/service-definition.ts";
import { digits } from "./json-body.ts";
import type { JsonValue } from "./json-body.ts";
import { isDate, timeOfDuration } from "./odata-literal.ts";
import { refuse } from "./sap-error.ts";

/** How numbers come: V2 sends decimals and int64 as strings, V4 as numbers, and as either with `exactNumbers`. */
export interface PayloadForm {
  readonly version: ODataVersion;
  readonly exactNumbers: boolean;
}

/** The stored form of a value in a request body. @throws SapError when type, length or precision do not fit the field. */
export function decodeValue(json: JsonValue, field: Field, form: PayloadForm): Value {
  if (json === null) {
    if (field.nullable === false || field.mandatory === true)
      throw refuse("bad-value", `Property '${field.name}' must not be null`, field.name);
    return null;
  }
  const value = decode(json, field, form);
  if (value === undefined)
    throw refuse("bad-value", `Failed to read property '${field.name}': invalid value for ${field.kind}`, field.name);
  if (field.kind === "string") checkLength(value as string, field);
  if (field.kind === "decimal") checkPrecision(value as string, field);
  return value;
}

function decode(json: JsonValue, { kind }: Field, { version, exactNumbers }: PayloadForm): Value | undefined {
  const number = typeof json === "object" && json !== null && digits in json ? json[digits] : undefined;
  const text = typeof json === "string" ? json : undefined;
  switch (kind) {
    case "string":
      return text?.includes("\u0000") === true ? undefined : text;
    case "boolean":
      return typeof json === "boolean" ? json : undefined;
    case "int32":
      return number !== undefined && /^-?\d+$/.test(number) && Math.abs(Number(number)) < 2 ** 31
        ? Number(number)
        : undefined;
    case "decimal":
    case "int64": {
      const given = version === "V2" ? text : (number ?? (exactNumbers ? text : undefined));
      if (given === undefined) return undefined;
      if (kind === "decimal") return /^-?\d+(\.\d+)?$/.test(given) ? given.replace(/^(-?)0+(?=\d)/, "$1") : undefined;
      return /^-?\d+$/.test(given) && BigInt.asIntN(64, BigInt(given)) === BigInt(given) ? BigInt(given) : undefined;
    }
    case "guid":
      return text !== undefined && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)
        ? text.toLowerCase()
        : undefined;
    case "date":
      return decodeDate(text, version);
    case "time":
      if (text === undefined) return undefined;
      return version === "V2" ? timeOfDuration(text) : /^\d\d:\d\d:\d\d$/.test(text) ? text : undefined;
    case "timestamp":
      return decodeTimestamp(text, version);
  }
}

const jsonDate = /^\/Date\((-?\d+)(?:[+-]\d{4})?\)\/$/;

function decodeDate(text: string | undefined, version: ODataVersion): string | undefined {
  const millis = version === "V2" ? jsonDate.exec(text ?? "")?.[1] : undefined;
  if (millis !== undefined) return isoDate(Number(millis));
  const date = version === "V2" ? /^(.{10})T\d\d:\d\d:\d\d/.exec(text ?? "")?.[1] : text;
  return date !== undefined && isDate(date) ? date : undefined;
}

function decodeTimestamp(text: string | undefined, version: ODataVersion): number | undefined {
  if (text === undefined) return undefined;
  const millis = version === "V2" ? jsonDate.exec(text)?.[1] : undefined;
  const time =
    millis !== undefined
      ? Number(millis)
      : /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text)
        ? Date.parse(text)
        : Number.NaN;
  return Math.abs(time) <= 253_402_300_799_999 ? time : undefined;
}

function isoDate(millis: number): string | undefined {
  return Math.abs(millis) <= 253_402_300_799_999 ? new Date(millis).toISOString().slice(0, 10) : undefined;
}

function checkLength(text: string, { name, maxLength }: Field): void {
  if (maxLength !== undefined && text.length > maxLength) {
    throw refuse(
      "bad-value",
      `Property '${name}' has invalid value: ${text.length} characters exceed the maximum length of ${maxLength}`,
      name,
    );
  }
}

function checkPrecision(decimal: string, { name, precision = 31, scale = 0 }: Field): void {
  const whole = decimal.replace(/^-/, "").split(".")[0] ?? "";
  if (scaleOf(decimal) > scale || whole.length > precision - scale) {
    throw refuse(
      "bad-value",
      `Property '${name}' has invalid value '${decimal}': at most ${precision} digits, ${scale} of them decimals`,
      name,
    );
  }
}
