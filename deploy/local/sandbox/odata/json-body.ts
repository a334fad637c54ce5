import { refuse } from "./sap-error.ts";

/** Key under which a number keeps the digits it was written with. */
export const digits = Symbol("digits");

/** JSON as it was written: numbers keep their digits, so that decimals and int64 lose nothing. */
export type JsonValue = string | boolean | null | JsonNumber | readonly JsonValue[] | JsonObject;

interface JsonNumber {
  readonly [digits]: string;
}

export interface JsonObject {
  readonly [name: string]: JsonValue;
}

export function parseJsonObject(text: string): JsonObject {
  const value = parseJson(text);
  if (isJsonObject(value)) return value;
  throw refuse("bad-payload", "The request body must be a JSON object");
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(digits in value);
}

/** The text again, with every digit that was in it. */
export function writeJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(writeJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (digits in value) return value[digits];
  return `{${Object.entries(value)
    .map(([name, inner]) => `${JSON.stringify(name)}:${writeJson(inner)}`)
    .join(",")}}`;
}

function parseJson(text: string): JsonValue {
  try {
    return JSON.parse(text, keepDigits) as JsonValue;
  } catch (error) {
    throw refuse("bad-payload", `Error while parsing the JSON request body: ${(error as Error).message}`);
  }
}

function keepDigits(_name: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === "number" ? { [digits]: context?.source ?? String(value) } : value;
}
