import { draftAction } from "./explain-draft.ts";
import { shortNameOf } from "./service-model.ts";
import type { EntitySet, ServiceModel } from "./service-model.ts";

/** How entities that are changed by way of a draft are created and changed; undefined for a set without drafts. */
export function describeDraft(model: ServiceModel, set: EntitySet): string | undefined {
  const { draft } = set;
  if (draft === undefined) return undefined;
  const [activate, edit, prepare, discard] = (["activate", "edit", "prepare", "discard"] as const).map((role) => {
    const operation = draftAction(model, set, role);
    return operation && shortNameOf(operation);
  });
  const ofDraft = ["update", "replace", activate, prepare, discard].filter((it) => it !== undefined);
  const rules = `Without IsActiveEntity in the key, ${ofDraft.join(", ")} mean the draft and all else the active entity; delete must say which.`;
  if (draft.kind === "node" || activate === undefined)
    return `Part of a draft: what is changed takes effect when the root entity is activated. ${rules}`;
  return [
    `create makes a draft (IsActiveEntity=false), which takes effect with call-sap-function ${activate} on its key.`,
    ...(edit === undefined
      ? []
      : [`To change an active entity, call ${edit} on it, update its draft, call ${activate}.`]),
    ...(discard === undefined ? [] : [`${discard} throws a draft away.`]),
    rules,
    "Filter IsActiveEntity eq true to read without drafts.",
  ].join(" ");
}
