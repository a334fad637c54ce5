import { activeFlag } from "./format-key.ts";
import type { Row } from "./format-key.ts";
import { shortNameOf } from "./service-model.ts";
import type { EntitySet, ServiceModel } from "./service-model.ts";

/** What is to be done so that the draft in the row takes effect; undefined for what is no draft. */
export function explainDraft(model: ServiceModel, set: EntitySet, row: Row): string | undefined {
  if (set.draft === undefined || row[activeFlag] !== false) return undefined;
  const { kind, activate } = set.draft;
  const action = activate === undefined ? undefined : model.operations.get(activate);
  if (kind === "node" || action === undefined)
    return "This is a draft. It takes effect when the entity that it belongs to is activated.";
  const key = Object.fromEntries(set.type.keys.map((name) => [name, row[name]]));
  const call = { function: shortNameOf(action), entityName: set.name, key };
  return `This is a draft. It takes effect with call-sap-function ${JSON.stringify(call)}.`;
}
