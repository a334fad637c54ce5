import { succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { SapAnswer } from "../odata/answer.ts";
import type { BatchItem } from "../odata/batch-request.ts";
import { jsonAccept } from "../odata/media-types.ts";
import { sendable } from "../odata/plan-batch.ts";
import type { PlannedItem, PlannedRequest } from "../odata/plan-batch.ts";
import type { BatchOutcome } from "../odata/read-batch.ts";
import { readEntity } from "../odata/read-rows.ts";
import type { Entity } from "../odata/read-rows.ts";
import type { Talk } from "./contact.ts";
import { sendBatch } from "./send-batch.ts";
import type { BatchTarget } from "./send-batch.ts";

/** A batch that was sent under the ETags of what it changes. */
export interface SentBatch {
  /** In the order of the items. */
  readonly outcomes: readonly BatchOutcome[];
  /** The entities that are changed, by their paths, as they were read before; those that could not be read are absent. */
  readonly states: ReadonlyMap<string, Entity>;
  /** Paths that led to no entity. */
  readonly missing: ReadonlySet<string>;
  /** The same entities as the batch itself found them when it began; read only where it makes several changes. */
  readonly found: ReadonlyMap<string, Entity>;
}

/** Reads the ETags of what is to be changed, in one batch, and sends the requests with them in another. */
export async function sendGuarded(
  it: Talk,
  target: BatchTarget,
  items: readonly PlannedItem[],
): Promise<Outcome<SentBatch>> {
  const requests = items.flatMap((item) => item.requests);
  const guarded = requests.filter(({ change }) => isGuarded(change?.method));
  const unique = [...new Map(guarded.map((planned) => [planned.request.path, planned])).values()];
  const before = unique.length === 0 ? succeed([]) : await sendBatch(it, target, unique.map(readOf(target)));
  if (!before.ok) return before;
  const states = entitiesIn(target, unique, before.value);
  const missing = unique.filter((_planned, at) => onlyAnswer(before.value[at])?.status === 404);
  // A change can spoil the ETag of another one; whether somebody else did it, the batch itself has to see.
  const isAlone = requests.filter(({ change }) => change !== undefined).length < 2;
  const watched = isAlone ? [] : unique.filter(({ request }) => states.get(request.path)?.etag !== undefined);
  const changes = sendable(items, guardOf(requests, states));
  const outcomes = await sendBatch(it, target, [...watched.map(readOf(target)), ...changes]);
  if (!outcomes.ok) return outcomes;
  return succeed({
    outcomes: outcomes.value.slice(watched.length),
    states,
    missing: new Set(missing.map(({ request }) => request.path)),
    found: entitiesIn(target, watched, outcomes.value),
  });
}

/** Whether a change needs the ETag of its entity. */
export function isGuarded(method: string | undefined): boolean {
  return method !== undefined && method !== "POST";
}

export function onlyAnswer(outcome: BatchOutcome | undefined): SapAnswer | undefined {
  return outcome?.kind === "answers" ? outcome.answers[0] : undefined;
}

function readOf({ model }: BatchTarget): (planned: PlannedRequest) => BatchItem {
  const headers = { accept: jsonAccept(model.odataVersion) };
  return ({ request: { path } }) => ({ kind: "single", request: { method: "GET", path, headers } });
}

/** What could be read; the rest is left to SAP's own answer. */
function entitiesIn(
  { model }: BatchTarget,
  read: readonly PlannedRequest[],
  outcomes: readonly BatchOutcome[],
): Map<string, Entity> {
  const entities = new Map<string, Entity>();
  for (const [at, { request, set }] of read.entries()) {
    const answer = onlyAnswer(outcomes[at]);
    if (answer === undefined || answer.status >= 300) continue;
    const entity = readEntity(model, set.type, answer);
    if (entity.ok) entities.set(request.path, entity.value);
  }
  return entities;
}

/** The ETag to send with each change; what an earlier request of the batch creates or changes can't have one yet. */
function guardOf(
  requests: readonly PlannedRequest[],
  states: ReadonlyMap<string, Entity>,
): (planned: PlannedRequest) => string | undefined {
  return (planned) => {
    if (!isGuarded(planned.change?.method)) return undefined;
    const earlier = requests.slice(0, requests.indexOf(planned));
    const isChanged = earlier.some((it) => isGuarded(it.change?.method) && it.request.path === planned.request.path);
    const isCreated = earlier.some((it) => it.change?.method === "POST" && it.set === planned.set);
    const state = states.get(planned.request.path);
    return isChanged || (state === undefined && isCreated) ? "*" : state?.etag;
  };
}
