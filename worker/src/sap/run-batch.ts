import type { Failure } from "@sap-mcp/shared/failure.ts";
import { succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { addWarnings } from "../odata/add-warnings.ts";
import type { SapAnswer } from "../odata/answer.ts";
import { explainCapitals } from "../odata/explain-capitals.ts";
import { failureOf, readRefusal } from "../odata/explain-refusal.ts";
import type { Refusal } from "../odata/explain-refusal.ts";
import { parentsFirst } from "../odata/parents-first.ts";
import type { PlannedItem, PlannedRequest } from "../odata/plan-batch.ts";
import { readBatchResult } from "../odata/read-batch-result.ts";
import type { BatchResult } from "../odata/read-batch-result.ts";
import type { BatchOutcome } from "../odata/read-batch.ts";
import { readFailure } from "../odata/read-failure.ts";
import type { Talk } from "./contact.ts";
import type { BatchTarget } from "./send-batch.ts";
import { isGuarded, onlyAnswer, sendGuarded } from "./send-guarded.ts";
import type { SentBatch } from "./send-guarded.ts";
import { explainConflict, readState } from "./write-guarded.ts";

/** An item on its way. */
interface Entry {
  item: PlannedItem;
  /** What became of it when it was sent last, or why it was not. */
  fate?: { readonly outcome: BatchOutcome; readonly sent: SentBatch } | { readonly failure: Failure };
}

/**
 * What became of each request of a batch. A change often alters another entity too, as that of an item does its order:
 * where SAP refuses a change for its ETag (412) though nobody else has touched the entity, it is sent again under a
 * fresh one, and nothing of what SAP has executed.
 */
export async function runBatch(
  it: Talk,
  target: BatchTarget,
  items: readonly PlannedItem[],
): Promise<Outcome<Map<PlannedRequest, BatchResult>>> {
  const entries = items.map((item): Entry => ({ item }));
  const refused = await sendEntries({ it, target }, entries);
  if (refused !== undefined) return { ok: false, failure: refused };
  for (let left = Infinity; ;) {
    const conflicts = entries.filter(isOwnConflict);
    const again = conflicts.length === 0 ? [] : chooseAgain(entries, conflicts);
    const changes = again.filter(({ item }) => isChange(item));
    // Items that share an ETag get through one by one; where none did, none will.
    if (changes.length === 0 || changes.length >= left) break;
    left = changes.length;
    for (const entry of conflicts) entry.item = parentsFirst(entry.item);
    const failure = await sendEntries({ it, target }, again);
    if (failure === undefined) continue;
    for (const entry of changes) entry.fate = { failure };
    break;
  }
  const results = new Map<PlannedRequest, BatchResult>();
  for (const entry of entries) {
    const result = await settle({ it, target }, entry);
    for (const planned of entry.item.requests) results.set(planned, withCapitals(target, planned, result(planned)));
  }
  return succeed(results);
}

function withCapitals({ model }: BatchTarget, planned: PlannedRequest, result: BatchResult): BatchResult {
  const { change, set, order } = planned;
  const asked = { ...set.type, row: order.parameters ?? {} };
  return result.failure === undefined ? addWarnings(result, change?.warnings ?? explainCapitals(model, asked)) : result;
}

interface Scene {
  readonly it: Talk;
  readonly target: BatchTarget;
}

async function sendEntries({ it, target }: Scene, entries: readonly Entry[]): Promise<Failure | undefined> {
  const sent = await sendGuarded(
    it,
    target,
    entries.map(({ item }) => item),
  );
  if (!sent.ok) return sent.failure;
  for (const [at, entry] of entries.entries())
    entry.fate = { outcome: sent.value.outcomes[at] ?? { kind: "unknown" }, sent: sent.value };
  return undefined;
}

/** The conflicts, what SAP did not come to because of them, and the reads behind them, which are to show the changes. */
function chooseAgain(entries: readonly Entry[], conflicts: readonly Entry[]): Entry[] {
  const first = entries.findIndex((entry) => conflicts.includes(entry));
  return entries.filter((entry, at) => {
    const { item, fate } = entry;
    const isLeft = fate !== undefined && "outcome" in fate && fate.outcome.kind === "not-executed";
    return isLeft || conflicts.includes(entry) || (at > first && !isChange(item));
  });
}

/** Whether only this batch itself can have altered what SAP found altered. */
function isOwnConflict({ item, fate }: Entry): boolean {
  if (fate === undefined || !("outcome" in fate) || conflictIn(fate.outcome) === undefined) return false;
  const { states, found } = fate.sent;
  const guards = item.requests.flatMap(({ change, request: { path } }) => {
    const etag = isGuarded(change?.method) ? states.get(path)?.etag : undefined;
    return etag === undefined ? [] : [{ path, etag }];
  });
  return guards.length > 0 && guards.every(({ path, etag }) => found.get(path)?.etag === etag);
}

function conflictIn(outcome: BatchOutcome): SapAnswer | undefined {
  const answer = outcome.kind === "rolled-back" ? outcome.answer : onlyAnswer(outcome);
  return answer?.status === 412 ? answer : undefined;
}

function isChange({ requests }: PlannedItem): boolean {
  return requests.some(({ change }) => change !== undefined);
}

/** Gives the result of each request of an item. */
async function settle(scene: Scene, entry: Entry): Promise<(planned: PlannedRequest) => BatchResult> {
  const { item, fate } = entry;
  const { model } = scene.target;
  if (fate === undefined) throw new Error("an item of the batch was never sent");
  if ("failure" in fate) return () => ({ failure: fate.failure });
  const { outcome, sent } = fate;
  const refuse = (refusal: Refusal) => (planned: PlannedRequest) => ({
    status: refusal.status,
    failure: failureOf(item, planned, refusal),
  });
  const conflict = await explainOutcome(scene, entry, fate);
  if (conflict !== undefined) return refuse(conflict);
  if (outcome.kind === "rolled-back") return refuse(readRefusal(model, item, { ...outcome, missing: sent.missing }));
  return (planned) => readBatchResult(model, planned, { outcome, item });
}

/** Why an item came too late (412), with what has changed; undefined for any other outcome. */
async function explainOutcome(
  { it, target }: Scene,
  entry: Entry,
  { outcome, sent }: { outcome: BatchOutcome; sent: SentBatch },
): Promise<Refusal | undefined> {
  const answer = conflictIn(outcome);
  if (answer === undefined) return undefined;
  const { requests } = entry.item;
  if (isOwnConflict(entry)) {
    const guidance =
      "Nobody else changed the entity, but another change of this batch does it too. Send the two one after the other.";
    const culprit = outcome.kind === "rolled-back" ? requests[outcome.request ?? -1] : requests[0];
    return { status: 412, failure: { ...readFailure(answer), guidance }, culprit };
  }
  for (const planned of requests) {
    const before = sent.states.get(planned.request.path);
    if (before === undefined) continue;
    const path = `${target.servicePath}/${planned.request.path}`;
    const now = await readState(it, { model: target.model, type: planned.set.type, path });
    if (now.ok && now.value.etag === before.etag) continue;
    return { status: 412, failure: explainConflict(answer, before.row, now).failure, culprit: planned };
  }
  return undefined;
}
