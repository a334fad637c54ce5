import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { checkNames } from "./check-names.ts";
import { nameType } from "./describe-operation.ts";
import { jsonDateOfIso } from "./edm-time.ts";
import { normalizeValue } from "./edm-value.ts";
import type { ValueField } from "./edm-value.ts";
import type { Row } from "./format-key.ts";
import type { Field, ServiceModel, StructuredType } from "./service-model.ts";

const maxDepth = 20;

/** What a body is for. A draft may lack what is required: it is checked when it becomes active. */
export type BodyUse = "create" | "create-draft" | "update";

/** The body of a create or an update: every field checked against the type and written as its OData version wants it. */
export function writeBody(model: ServiceModel, type: StructuredType, row: Row, use?: BodyUse): Outcome<Row> {
  return writeFields({ model, use, depth: 0, name: nameType(model, type.name) }, type, row);
}

/** The JSON of one value, or of the items of a collection; null stays null. */
export function writeValue(model: ServiceModel, declared: Declared, value: unknown): Outcome<unknown> {
  return writeDeclared({ model, use: undefined, depth: 0, name: declared.name }, declared, value);
}

type Declared = ValueField & Pick<Field, "many">;

interface Place {
  readonly model: ServiceModel;
  readonly use: BodyUse | undefined;
  readonly depth: number;
  /** What the caller knows the entity or structure by. */
  readonly name: string;
}

function writeFields(place: Place, type: StructuredType, row: Row): Outcome<Row> {
  if (place.depth > maxDepth) return fail("invalid-input", `The entity is nested more than ${maxDepth} levels deep.`);
  const wrong = checkFields(place, type, row);
  if (wrong !== undefined) return wrong;
  const body: [string, unknown][] = [];
  for (const [name, value] of Object.entries(row)) {
    const declared = type.properties.get(name) ?? type.navigations.get(name);
    const written = declared === undefined ? succeed(value) : writeDeclared(place, declared, value);
    if (!written.ok) return written;
    body.push([name, written.value]);
  }
  return succeed(Object.fromEntries(body));
}

/** Names what the type has not, and what the service fills in or keeps by itself; SAP often ignores these without a word. */
function checkFields({ use, name: owner }: Place, type: StructuredType, row: Row): ReturnType<typeof fail> | undefined {
  const names = Object.keys(row);
  const valid = [...type.properties.keys(), ...type.navigations.keys()];
  const unknown = type.open ? undefined : checkNames(names, valid, `a property of ${owner}`);
  if (unknown !== undefined || use === undefined) return unknown;
  const needed = use === "update" ? "updatable" : "creatable";
  const fixed = names.filter((name) => type.properties.get(name)?.not.includes(needed));
  if (fixed.length > 0) {
    return fail(
      "invalid-input",
      `${fixed.join(", ")} of ${owner} can't be ${use === "update" ? "changed" : "set on creation"}.`,
      {
        guidance: "SAP fills these fields itself, or keeps them as they are. Leave them out.",
      },
    );
  }
  // Parts of a key may come from the parent or from a number range.
  const missing = [...type.properties.values()].filter(
    ({ name, required }) => required === true && !type.keys.includes(name) && isEmpty(row[name]),
  );
  if (use !== "create" || missing.length === 0) return undefined;
  return fail("invalid-input", `${missing.map(({ name }) => name).join(", ")} must be given to create ${owner}.`, {
    guidance: `Missing: ${missing.map((it) => `${it.name} (${it.label ?? it.type})`).join(", ")}.`,
  });
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

function writeDeclared(place: Place, declared: Declared, value: unknown): Outcome<unknown> {
  if (value === null) return succeed(value);
  if (!declared.many) return writeItem(place, declared, value);
  if (!Array.isArray(value)) return fail("invalid-input", `${declared.name} must be an array.`);
  const items: unknown[] = [];
  for (const item of value) {
    const written = writeItem(place, declared, item);
    if (!written.ok) return written;
    items.push(written.value);
  }
  return succeed(items);
}

function writeItem(place: Place, declared: Declared, value: unknown): Outcome<unknown> {
  const { model, use, depth } = place;
  const nested = model.types.get(declared.type);
  if (nested !== undefined) {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      // Only creation reaches down: what a change holds within it may be there already, with its key.
      const inner = { model, use: use === "update" ? undefined : use, depth: depth + 1, name: declared.name };
      return writeFields(inner, nested, value as Row);
    }
    return fail(
      "invalid-input",
      `${declared.name} must be an object with the fields of ${nameType(model, nested.name)}.`,
    );
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
