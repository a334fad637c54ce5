import { activeFlag } from "./format-key.ts";
import type { Row } from "./format-key.ts";
import { findOperation, shortNameOf } from "./service-model.ts";
import type { Draft, EntitySet, ServiceModel, ServiceOperation } from "./service-model.ts";

/** What is to be done so that the draft in the row takes effect; undefined for what is no draft. */
export function explainDraft(model: ServiceModel, set: EntitySet, row: Row): string | undefined {
  if (set.draft === undefined || row[activeFlag] !== false) return undefined;
  const action = draftAction(model, set, "activate");
  if (set.draft.kind === "node" || action === undefined)
    return "This is a draft. It takes effect when the entity that it belongs to is activated.";
  const key = Object.fromEntries(set.type.keys.map((name) => [name, row[name]]));
  const call = { function: shortNameOf(action), entityName: set.name, key };
  return `This is a draft. It takes effect with call-sap-function ${JSON.stringify(call)}.`;
}

/** What is to be done where a draft is wanted that is not there; `key` is that of the draft. */
export function explainNoDraft(model: ServiceModel, set: EntitySet, key: Row): { message: string; guidance: string } {
  const values = Object.entries(key).flatMap(([name, value]) =>
    name === activeFlag ? [] : [`${name} ${JSON.stringify(value)}`],
  );
  const edit = draftAction(model, set, "edit");
  const message = `There is no draft of ${set.name} with the key ${values.join(", ")}.`;
  if (edit === undefined)
    return { message, guidance: "Only a draft can be changed: edit the entity that it belongs to first." };
  const name = shortNameOf(edit);
  const call = { function: name, entityName: set.name, key: { ...key, [activeFlag]: true } };
  return {
    message,
    guidance: `Only a draft can be changed: call ${name} first, call-sap-function ${JSON.stringify(call)}.`,
  };
}

/** The operation that has a role in the draft's life. */
export function draftAction(
  model: ServiceModel,
  { draft, type }: EntitySet,
  role: Exclude<keyof Draft, "kind">,
): ServiceOperation | undefined {
  const name = draft?.[role];
  // An import of V2 is not always declared for a type.
  return name === undefined ? undefined : (findOperation(model, name, type) ?? model.operations.get(name));
}

/** Whether an operation works on drafts: these are meant where a call does not say which version is. */
export function isOfDraft(model: ServiceModel, operation: ServiceOperation): boolean {
  const roles = ["activate", "prepare", "discard"] as const;
  return [...model.entitySets.values()].some((set) =>
    roles.some((role) => draftAction(model, set, role) === operation),
  );
}
