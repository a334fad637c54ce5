import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { checkNames } from "./check-names.ts";
import { jsonDateOfIso } from "./edm-time.ts";
import { normalizeValue } from "./edm-value.ts";
import type { Row } from "./format-key.ts";
import type { Property, ServiceModel, StructuredType } from "./service-model.ts";

const maxDepth = 20;

/** The body of a create or an update: every field checked against the type and written as its OData version wants it. */
export function writeBody(model: ServiceModel, type: StructuredType, row: Row, depth = 0): Outcome<Row> {
  if (depth > maxDepth) return fail("invalid-input", `The entity is nested more than ${maxDepth} levels deep.`);
  if (!type.open) {
    const valid = [...type.properties.keys(), ...type.navigations.keys()];
    const unknown = checkNames(Object.keys(row), valid, `a property of ${type.name}`);
    if (unknown !== undefined) return unknown;
  }
  const body: [string, unknown][] = [];
  for (const [name, value] of Object.entries(row)) {
    const written = writeField(model, type, { name, value, depth });
    if (!written.ok) return written;
    body.push([name, written.value]);
  }
  return succeed(Object.fromEntries(body));
}

interface Field {
  readonly name: string;
  readonly value: unknown;
  readonly depth: number;
}

function writeField(model: ServiceModel, type: StructuredType, field: Field): Outcome<unknown> {
  const property = type.properties.get(field.name);
  const declared = property ?? type.navigations.get(field.name);
  if (field.value === null || declared === undefined) return succeed(field.value);
  if (!declared.many) return writeItem(model, declared, field);
  if (!Array.isArray(field.value)) return fail("invalid-input", `${field.name} must be an array.`);
  const items: unknown[] = [];
  for (const value of field.value) {
    const written = writeItem(model, declared, { ...field, value });
    if (!written.ok) return written;
    items.push(written.value);
  }
  return succeed(items);
}

function writeItem(
  model: ServiceModel,
  declared: Pick<Property, "name" | "type">,
  { value, depth }: Field,
): Outcome<unknown> {
  const nested = model.types.get(declared.type);
  if (nested !== undefined) {
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return writeBody(model, nested, value as Row, depth + 1);
    return fail("invalid-input", `${declared.name} must be an object with the fields of ${nested.name}.`);
  }
  const text = normalizeValue(model, declared, value);
  if (!text.ok) return text;
  const json = model.odataVersion === "V2" ? toJsonV2(declared.type, text.value) : toJsonV4(declared.type, text.value);
  if (json !== undefined) return succeed(json);
  return fail("invalid-input", `${declared.name}: OData V2 keeps no more than milliseconds.`);
}

function toJsonV2(type: string, text: string): unknown {
  switch (type) {
    case "Edm.Boolean":
      return text === "true";
    case "Edm.Byte":
    case "Edm.SByte":
    case "Edm.Int16":
    case "Edm.Int32":
      return Number(text);
    case "Edm.DateTime":
    case "Edm.DateTimeOffset":
      return jsonDateOfIso(text);
    default:
      return text;
  }
}

/** Int64 and Decimal stay strings, which the content type `IEEE754Compatible=true` announces. */
function toJsonV4(type: string, text: string): unknown {
  switch (type) {
    case "Edm.Boolean":
      return text === "true";
    case "Edm.Byte":
    case "Edm.SByte":
    case "Edm.Int16":
    case "Edm.Int32":
      return Number(text);
    case "Edm.Double":
    case "Edm.Single":
      return Number.isFinite(Number(text)) ? Number(text) : text;
    case "Edm.Binary":
      return text.replaceAll("+", "-").replaceAll("/", "_");
    default:
      return text;
  }
}
