import { findOperation, shortNameOf } from "./service-model.ts";
import type { EntitySet, ServiceModel } from "./service-model.ts";

/** How entities that are changed by way of a draft are created and changed; undefined for a set without drafts. */
export function describeDraft(model: ServiceModel, set: EntitySet): string | undefined {
  const { draft } = set;
  if (draft === undefined) return undefined;
  const nameOf = (action: string | undefined) => {
    const operation = action === undefined ? undefined : findOperation(model, action, set.type);
    return operation === undefined ? undefined : shortNameOf(operation);
  };
  const [activate, edit, discard] = [nameOf(draft.activate), nameOf(draft.edit), nameOf(draft.discard)];
  if (draft.kind === "node" || activate === undefined)
    return "Part of a draft: change it with IsActiveEntity=false in its key; it takes effect when the root entity is activated.";
  return [
    `create makes a draft (IsActiveEntity=false), which takes effect with call-sap-function ${activate} on its key.`,
    ...(edit === undefined
      ? []
      : [`To change an active entity, call ${edit} on it (IsActiveEntity=true), update its draft, call ${activate}.`]),
    ...(discard === undefined ? [] : [`${discard} throws a draft away.`]),
    "Filter IsActiveEntity eq true to read without drafts.",
  ].join(" ");
}
