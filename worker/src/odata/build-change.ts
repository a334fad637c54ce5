import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { checkNames } from "./check-names.ts";
import { explainCapitals } from "./explain-capitals.ts";
import { activeFlag, formatEntityPath, splitKey, withVersion } from "./format-key.ts";
import type { Row } from "./format-key.ts";
import { jsonAccept, jsonContentType } from "./media-types.ts";
import type { EntitySet, ODataVersion, ServiceModel, StructuredType } from "./service-model.ts";
import { writeBody } from "./write-body.ts";

export type ChangeOperation = "create" | "update" | "replace" | "delete";

export interface ChangeOrder {
  readonly operation: ChangeOperation;
  /** Key fields and fields to write, beside each other. */
  readonly parameters: Row;
  /** Of a creation: the new entity is added behind this navigation property of the entity that the key fields name. */
  readonly navigation?: string | undefined;
}

/** The change of one entity as a request. */
export interface Change {
  readonly method: "POST" | "MERGE" | "PATCH" | "PUT" | "DELETE";
  /** Relative to the service. Of an update, a replacement and a deletion it is the path of the entity. */
  readonly path: string;
  /** Type of the entity that is changed. */
  readonly type: StructuredType;
  readonly body?: Row;
  /** What the caller should know of values that are not sent as they were given. */
  readonly warnings: readonly string[];
}

type BuiltChange = Omit<Change, "warnings">;

/** Makes the request of a change out of its key fields and the fields to write, all checked against the service. */
export function buildChange(model: ServiceModel, set: EntitySet, order: ChangeOrder): Outcome<Change> {
  const built = build(model, set, order);
  if (!built.ok) return built;
  const { keys, rest } = splitKey(set, order.parameters);
  const warnings = explainCapitals(model, { ...set.type, row: keys }, { ...built.value.type, row: rest });
  return succeed({ ...built.value, warnings });
}

function build(
  model: ServiceModel,
  set: EntitySet,
  { operation, parameters, navigation }: ChangeOrder,
): Outcome<BuiltChange> {
  if (navigation !== undefined) {
    if (operation === "create") return buildCreateBehind(model, set, { navigation, parameters });
    return fail("invalid-input", `${operation} has no use for navigation.`);
  }
  switch (operation) {
    case "create":
      return buildCreate(model, set, parameters);
    case "update":
      return buildUpdate(model, set, { method: model.odataVersion === "V2" ? "MERGE" : "PATCH", fields: parameters });
    case "replace":
      return buildUpdate(model, set, { method: "PUT", fields: parameters });
    case "delete":
      return buildDelete(model, set, parameters);
  }
}

/** Headers of a request with or without a body. */
export function changeHeaders(odataVersion: ODataVersion, body: Row | undefined): Record<string, string> {
  return {
    accept: jsonAccept(odataVersion),
    ...(body !== undefined && { "content-type": jsonContentType(odataVersion) }),
  };
}

function buildCreate(model: ServiceModel, set: EntitySet, fields: Row): Outcome<BuiltChange> {
  const nested = set.deepInsert ? undefined : Object.keys(fields).find((name) => set.type.navigations.has(name));
  if (nested !== undefined) {
    return fail("invalid-input", `${set.name} can't be created together with ${nested}.`, {
      guidance: `Create ${set.name} first, then each of ${set.targets.get(nested) ?? nested}.`,
    });
  }
  // Whatever is created is a draft first; the service takes no word on it.
  const { [activeFlag]: version, ...rest } = fields;
  const isDraft = set.draft !== undefined;
  const body = writeBody(
    model,
    set.type,
    isDraft && version === false ? rest : fields,
    isDraft ? "create-draft" : "create",
  );
  if (!body.ok) return body;
  return succeed({ method: "POST", path: encodeURIComponent(set.name), type: set.type, body: body.value });
}

function buildCreateBehind(
  model: ServiceModel,
  set: EntitySet,
  { navigation, parameters }: { navigation: string; parameters: Row },
): Outcome<BuiltChange> {
  const { many = false, type = "" } = set.type.navigations.get(navigation) ?? {};
  const target = model.types.get(type);
  if (!many || target === undefined) {
    const lists = [...set.type.navigations.values()].filter((it) => it.many).map(({ name }) => name);
    const wrong = checkNames([navigation], lists, `a navigation property of ${set.name} that leads to many entities`);
    return wrong ?? fail("bad-answer", `The service does not describe what ${navigation} leads to.`);
  }
  const { keys, rest } = splitKey(set, parameters);
  const path = formatEntityPath(model, set, withVersion(set, keys, false));
  if (!path.ok) return path;
  const body = writeBody(model, target, rest, set.draft === undefined ? "create" : "create-draft");
  if (!body.ok) return body;
  return succeed({
    method: "POST",
    path: `${path.value}/${encodeURIComponent(navigation)}`,
    type: target,
    body: body.value,
  });
}

function buildUpdate(
  model: ServiceModel,
  set: EntitySet,
  { method, fields }: { method: Change["method"]; fields: Row },
): Outcome<BuiltChange> {
  const { keys, rest } = splitKey(set, fields);
  // Only a draft can be changed.
  const path = formatEntityPath(model, set, withVersion(set, keys, false));
  if (!path.ok) return path;
  const names = Object.keys(rest);
  if (names.length === 0) return fail("invalid-input", "There is nothing to change: parameters holds the key alone.");
  const nested = names.find((name) => set.type.navigations.has(name));
  if (nested !== undefined) {
    return fail("invalid-input", `Nested updates are not possible: ${nested} can't be changed through ${set.name}.`, {
      guidance: `Change the entities of ${set.targets.get(nested) ?? nested} themselves, several at once with execute-sap-batch.`,
    });
  }
  const body = writeBody(model, set.type, rest, "update");
  return body.ok ? succeed({ method, path: path.value, type: set.type, body: body.value }) : body;
}

function buildDelete(model: ServiceModel, set: EntitySet, keys: Row): Outcome<BuiltChange> {
  if (Object.keys(withVersion(set, {}, true)).some((name) => keys[name] === undefined)) {
    return fail(
      "invalid-input",
      `The key of ${set.name} does not say whether the draft is meant or the active entity.`,
      {
        guidance: "Add IsActiveEntity: false discards the draft, true deletes the active entity.",
      },
    );
  }
  const path = formatEntityPath(model, set, keys);
  return path.ok ? succeed({ method: "DELETE", path: path.value, type: set.type }) : path;
}
