import type { Field, Row, Value, Values } from "../model/field.ts";
import { decodeValue } from "../odata/decode-value.ts";
import type { PayloadForm } from "../odata/decode-value.ts";
import { isJsonObject } from "../odata/json-body.ts";
import type { JsonObject, JsonValue } from "../odata/json-body.ts";
import { refuse, refuseBusiness } from "../odata/sap-error.ts";
import { fieldOf } from "../odata/shape.ts";
import type { EntitySet, SetNavigation } from "./entity-set.ts";
import { rulesOf } from "./rules-of.ts";
import type { ChangeContext } from "./table-rules.ts";

export interface Payload {
  readonly json: JsonObject;
  readonly form: PayloadForm;
}

/** Creates the entity and what is nested in it. `inherited` holds the key fields that a parent dictates. */
export function createEntity(set: EntitySet, payload: Payload, context: ChangeContext, inherited: Values = {}): Row {
  if (!set.definition.creatable) throw refuse("method-not-allowed", `Entities of '${set.name}' cannot be created`);
  const { database } = context;
  const given: Record<string, Value> = {};
  const nested: { navigation: SetNavigation; children: readonly JsonObject[] }[] = [];
  for (const [name, json] of contentOf(payload.json)) {
    const navigation = set.navigations.get(name);
    if (navigation !== undefined) nested.push({ navigation, children: childrenOf(json, navigation) });
    else given[name] = decodeGiven(fieldOf(set, name), json, { payload, allowed: "creatable" });
  }
  Object.assign(given, inherited);
  for (const field of set.fields.values()) {
    if (field.mandatory === true && (given[field.name] ?? "") === "")
      throw refuseBusiness("00/055", `Fill in all required entry fields: ${field.name}`, field.name);
    given[field.name] ??= initialValue(field);
  }
  const rules = rulesOf(set.definition.table);
  const values = rules.prepareCreate?.(given, context) ?? given;
  const table = set.table();
  const key = table.keyOf(values);
  if (table.get(key) !== undefined) throw refuse("exists", `Entity '${set.name}' with the same key already exists`);
  database.write(set.definition.table, values);
  for (const { navigation, children } of nested) {
    const join = Object.entries(navigation.definition.join).map(
      ([here, there]) => [there, values[here] ?? null] as const,
    );
    for (const child of children)
      createEntity(navigation.target, { ...payload, json: child }, context, Object.fromEntries(join));
  }
  rules.afterChange?.(values, context);
  return set.table().get(key) as Row;
}

/** Changes the fields given; with `replace` all other changeable fields go back to their initial values. */
export function updateEntity(
  set: EntitySet,
  before: Row,
  change: { payload: Payload; replace: boolean },
  context: ChangeContext,
): Row {
  if (!set.definition.updatable) throw refuse("method-not-allowed", `Entities of '${set.name}' cannot be updated`);
  const values: Record<string, Value> = { ...before.values };
  if (change.replace) {
    for (const field of set.fields.values()) if (field.updatable !== false) values[field.name] = initialValue(field);
  }
  for (const [name, json] of contentOf(change.payload.json)) {
    const field = fieldOf(set, name);
    const value = decodeGiven(field, json, { payload: change.payload, allowed: "any" });
    if (field.updatable === false && value !== before.values[name]) {
      throw refuseBusiness("/IWBEP/CM_MGW_RT/025", `Property '${name}' of '${set.name}' cannot be changed`, name);
    }
    values[name] = value;
  }
  const rules = rulesOf(set.definition.table);
  const after = rules.prepareUpdate?.(before.values, values, context) ?? values;
  const row = context.database.write(set.definition.table, after);
  rules.afterChange?.(after, context);
  return row;
}

export function deleteEntity(set: EntitySet, before: Row, context: ChangeContext): void {
  if (!set.definition.deletable) throw refuse("method-not-allowed", `Entities of '${set.name}' cannot be deleted`);
  const rules = rulesOf(set.definition.table);
  rules.checkDelete?.(before.values, context);
  context.database.remove(set.definition.table, set.table().keyOf(before.values));
  rules.afterChange?.(before.values, context);
}

/** What the client set, without the annotations that it sends back as it got them. */
function contentOf(json: JsonObject): [string, JsonValue][] {
  return Object.entries(json).filter(([name]) => name !== "__metadata" && !name.includes("@"));
}

function decodeGiven(
  field: Field,
  json: JsonValue,
  { payload, allowed }: { payload: Payload; allowed: "creatable" | "any" },
): Value {
  if (allowed === "creatable" && field.creatable === false) {
    throw refuseBusiness(
      "/IWBEP/CM_MGW_RT/024",
      `Property '${field.name}' is filled by the system and cannot be set`,
      field.name,
    );
  }
  // ABAP knows no null for these kinds: what is set to null is initial.
  return decodeValue(json, field, payload.form) ?? initialValue(field);
}

function childrenOf(json: JsonValue, { name, many }: SetNavigation): readonly JsonObject[] {
  // V2 clients send a plain list or what they read, { results: […] }.
  const list = !many ? [json] : isJsonObject(json) ? json["results"] : json;
  if (Array.isArray(list) && list.every(isJsonObject)) return list;
  throw refuse(
    "bad-payload",
    `Navigation property '${name}' must hold ${many ? "a list of entities" : "an entity"}`,
    name,
  );
}

function initialValue(field: Field): Value {
  switch (field.kind) {
    case "string":
      return "";
    case "boolean":
      return false;
    case "decimal":
      return "0";
    case "int32":
      return 0;
    case "guid":
    case "int64":
    case "date":
    case "time":
    case "timestamp":
      return null;
  }
}
