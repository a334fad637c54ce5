import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import {
  normalizeDate,
  normalizeDateTime,
  normalizeDateTimeOffset,
  normalizeTime,
  normalizeTimeOfDay,
} from "./edm-time.ts";
import type { EnumType, Field, ServiceModel } from "./service-model.ts";
import { toCapitals } from "./to-capitals.ts";
import { unwrapLiteral } from "./unwrap-literal.ts";

const integerRanges: Readonly<Record<string, readonly [bigint, bigint]>> = {
  "Edm.Byte": [0n, 255n],
  "Edm.SByte": [-128n, 127n],
  "Edm.Int16": [-32_768n, 32_767n],
  "Edm.Int32": [-2_147_483_648n, 2_147_483_647n],
  "Edm.Int64": [-9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n],
};

/** How each primitive type is written as text; undefined for a text that is no value of the type. */
const normalizers: Readonly<Record<string, (text: string) => string | undefined>> = {
  "Edm.String": (text) => (text.isWellFormed() ? text : undefined),
  "Edm.Boolean": only(/^(true|false)$/),
  "Edm.Byte": integer("Edm.Byte"),
  "Edm.SByte": integer("Edm.SByte"),
  "Edm.Int16": integer("Edm.Int16"),
  "Edm.Int32": integer("Edm.Int32"),
  "Edm.Int64": integer("Edm.Int64"),
  "Edm.Decimal": only(/^-?\d+(\.\d+)?$/),
  "Edm.Double": only(/^(-?\d+(\.\d+)?([eE][+-]?\d+)?|NaN|-?INF)$/),
  "Edm.Single": only(/^(-?\d+(\.\d+)?([eE][+-]?\d+)?|NaN|-?INF)$/),
  "Edm.Guid": only(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i),
  "Edm.DateTime": normalizeDateTime,
  "Edm.DateTimeOffset": normalizeDateTimeOffset,
  "Edm.Date": normalizeDate,
  "Edm.Time": normalizeTime,
  "Edm.TimeOfDay": normalizeTimeOfDay,
  "Edm.Duration": only(/^-?P(?=\d|T\d)(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/),
  "Edm.Binary": (text) =>
    /^[A-Za-z0-9+/_-]*={0,2}$/.test(text) ? Buffer.from(text, "base64").toString("base64") : undefined,
};

const forms: Readonly<Record<string, string>> = {
  "Edm.Boolean": "true or false",
  "Edm.Decimal": 'digits such as "12.50"',
  "Edm.Guid": "a GUID such as 00000000-0000-0000-0000-000000000000",
  "Edm.DateTime": "an ISO date-time such as 2026-01-31T00:00:00",
  "Edm.DateTimeOffset": "an ISO date-time such as 2026-01-31T12:00:00Z",
  "Edm.Date": "a date such as 2026-01-31",
  "Edm.Time": "a time such as 11:30:00",
  "Edm.TimeOfDay": "a time such as 11:30:00",
  "Edm.Binary": "base64",
};

/** A field with as many of its limits as are to be kept. */
export type ValueField = Pick<Field, "name" | "type"> & Partial<Field>;

/**
 * The one text for a value of a primitive type or an enumeration, as JSON brought it, in capital letters where SAP keeps
 * no others; `invalid-input` names the field, also where the value is longer than it.
 */
export function normalizeValue(model: ServiceModel, field: ValueField, value: unknown): Outcome<string> {
  if (typeof value === "number" && !isExact(value) && !isFloat(field.type)) {
    return fail("invalid-input", `${field.name}: the number ${value} has lost digits on its way.`, {
      guidance: "Send large numbers and decimals as strings of digits.",
    });
  }
  const enumType = model.enumTypes.get(field.type);
  const normalize = Object.hasOwn(normalizers, field.type) ? normalizers[field.type] : enumType && membersOf(enumType);
  const isScalar = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  const plain = field.type === "Edm.String" ? String(value) : unwrapLiteral(field.type, String(value));
  const text = isScalar ? normalize?.(plain) : undefined;
  if (text !== undefined) {
    return checkLength(field, text) ?? succeed(field.upperCase === true ? toCapitals(text) : text);
  }
  const shown = isScalar ? JSON.stringify(String(value).slice(0, 60)) : value === null ? "null" : `an ${typeof value}`;
  return fail("invalid-input", `${field.name}: ${shown} is no value of type ${field.type}.`, {
    guidance: `${field.name} must be ${formOf(field.type, enumType)}.`,
  });
}

/** Names a value that SAP would refuse, or cut. */
function checkLength({ name, type, ...limits }: ValueField, text: string): ReturnType<typeof fail> | undefined {
  const { maxLength, precision, scale } = limits;
  if (type === "Edm.String" && maxLength && text.length > maxLength)
    return fail("invalid-input", `${name} takes ${maxLength} characters at most, and not ${text.length}.`);
  if (type === "Edm.Binary" && maxLength && Buffer.byteLength(text, "base64") > maxLength)
    return fail("invalid-input", `${name} takes ${maxLength} bytes at most.`);
  if (type !== "Edm.Decimal" || !precision) return undefined;
  const [, whole = "", fraction = ""] = /^-?0*(\d*)(?:\.(\d*?)0*)?$/.exec(text) ?? [];
  // Without a scale, the digits may stand on either side of the point.
  const isTooFine = scale !== undefined && fraction.length > scale;
  if (!isTooFine && whole.length + (scale ?? fraction.length) <= precision) return undefined;
  const form = scale === undefined ? "" : `, ${scale} of them behind the point`;
  return fail("invalid-input", `${name}: ${text.slice(0, 60)} has too many digits; it takes ${precision}${form}.`);
}

/** Members by name, with commas between the members of a set of flags, or the number behind them. */
function membersOf({ members }: EnumType): (text: string) => string | undefined {
  const names = new Set(members.map(({ name }) => name));
  return (text) => (/^-?\d+$/.test(text) || text.split(",").every((name) => names.has(name)) ? text : undefined);
}

function formOf(type: string, enumType: EnumType | undefined): string {
  if (enumType !== undefined) return `one of ${enumType.members.map(({ name }) => name).join(", ")}`;
  return forms[type] ?? `a value of type ${type}`;
}

/** Whole numbers beyond 2^53 may stand for others. */
function isExact(value: number): boolean {
  return Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
}

function isFloat(type: string): boolean {
  return type === "Edm.Double" || type === "Edm.Single";
}

function only(pattern: RegExp): (text: string) => string | undefined {
  return (text) => (pattern.test(text) ? text : undefined);
}

function integer(type: keyof typeof integerRanges): (text: string) => string | undefined {
  return (text) => {
    const [minimum, maximum] = integerRanges[type] as readonly [bigint, bigint];
    if (!/^-?\d{1,20}$/.test(text)) return undefined;
    const value = BigInt(text);
    return value >= minimum && value <= maximum ? value.toString() : undefined;
  };
}
