import type { Failure } from "@sap-mcp/shared/failure.ts";
import { explainNoDraft } from "./explain-draft.ts";
import { findKey } from "./failure-guidance.ts";
import { activeFlag, withVersion } from "./format-key.ts";
import type { Row } from "./format-key.ts";
import type { EntitySet, ServiceModel } from "./service-model.ts";

/** One entity that an operation goes by its key to. */
export interface Sought {
  readonly model: ServiceModel;
  readonly set: EntitySet;
  readonly operation: string;
  readonly parameters?: Row | undefined;
}

/** A failure because SAP has no such entity (404), with the key it was sought by; any other one as it is. */
export function explainMissing(failure: Failure, { model, set, operation, parameters = {} }: Sought): Failure {
  // What begins so concerns the service, not the entity.
  const isAboutService = failure.sapCode?.startsWith("/IWFND/") === true;
  if (failure.kind !== "not-found" || isAboutService || operation === "read" || operation === "create") return failure;
  const versioned = withVersion(set, parameters, operation === "read-single");
  const key = Object.fromEntries(set.type.keys.map((name) => [name, versioned[name]]));
  const { kind, message, guidance: _general, ...facts } = failure;
  if (set.draft !== undefined && String(key[activeFlag]) === "false" && operation !== "delete")
    return { kind, ...explainNoDraft(model, set, key), ...facts };
  const shown = Object.entries(key).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return {
    kind,
    message: `${set.name} has no entity with the key ${shown.join(", ")}. SAP: ${message}`,
    guidance: findKey,
    ...facts,
  };
}
