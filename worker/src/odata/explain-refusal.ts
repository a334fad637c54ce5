import type { Failure } from "@sap-mcp/shared/failure.ts";
import type { SapAnswer } from "./answer.ts";
import { explainMissing } from "./explain-missing.ts";
import { splitKey } from "./format-key.ts";
import type { PlannedItem, PlannedRequest } from "./plan-batch.ts";
import { readFailure } from "./read-failure.ts";
import type { ServiceModel } from "./service-model.ts";

/** Why nothing of an item was executed, and which of its requests is to blame, where that is known. */
export interface Refusal {
  readonly failure: Failure;
  readonly status: number;
  readonly culprit: PlannedRequest | undefined;
}

/**
 * What SAP says of a change set that it rolled back. Where it does not name the request, that is the first one whose
 * entity was `missing` (404) when it was to be read before.
 */
export function readRefusal(
  model: ServiceModel,
  { requests }: PlannedItem,
  { answer, request, missing }: { answer: SapAnswer; request: number | undefined; missing: ReadonlySet<string> },
): Refusal {
  const culprit = requests[request ?? -1] ?? findMissing(requests, missing);
  const failure = readFailure(answer);
  return {
    status: answer.status,
    failure: culprit === undefined ? failure : explainMissing(failure, { model, ...culprit, ...culprit.order }),
    culprit,
  };
}

/** The failure of one request of a refused item: SAP's reason stands with the one to blame, or else with the first. */
export function failureOf(
  { changeSet, requests }: PlannedItem,
  planned: PlannedRequest,
  { failure, culprit }: Refusal,
): Failure {
  if (changeSet === undefined) return failure;
  const { kind, message, ...facts } = failure;
  const nothing = `Nothing of change set ${changeSet} was executed`;
  if (culprit === planned) return { kind, message: `${nothing}, because this request failed: ${message}`, ...facts };
  if (culprit !== undefined) return { kind, message: `${nothing}, because ${nameRequest(culprit)} failed.` };
  if (planned !== requests[0]) return { kind, message: `${nothing}; the reason stands with its first request.` };
  return { kind, message: `${nothing}. SAP does not say which request is the reason: ${message}`, ...facts };
}

/** `request 2 (update Orders('1'))`: a request by its place in the batch and its entity; of a creation, as far as the key is given. */
function nameRequest({ number, order, set, request, change }: PlannedRequest): string {
  const { keys } = splitKey(set, order.parameters ?? {});
  const given = change?.method === "POST" && Object.keys(keys).length > 0 ? ` ${JSON.stringify(keys)}` : "";
  return `request ${number} (${order.operation} ${decodeURIComponent(request.path)}${given})`;
}

/** What an earlier request of the change set creates can't have been there. */
function findMissing(requests: readonly PlannedRequest[], missing: ReadonlySet<string>): PlannedRequest | undefined {
  return requests.find(
    (it, at) =>
      missing.has(it.request.path) &&
      !requests.slice(0, at).some(({ change, set }) => change?.method === "POST" && set === it.set),
  );
}
