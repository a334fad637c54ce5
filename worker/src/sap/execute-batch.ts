import type { InputOf, OutputOf } from "@sap-mcp/shared/contracts/define-job.ts";
import type { executeSapBatch } from "@sap-mcp/shared/contracts/execute-sap-batch.ts";
import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { SapAnswer } from "../odata/answer.ts";
import type { BatchItem } from "../odata/batch-request.ts";
import { fitRows } from "../odata/fit-rows.ts";
import { jsonAccept } from "../odata/media-types.ts";
import { planBatch, sendable } from "../odata/plan-batch.ts";
import type { PlannedItem, PlannedRequest } from "../odata/plan-batch.ts";
import { readBatchResult, rolledBack } from "../odata/read-batch-result.ts";
import type { BatchOutcome } from "../odata/read-batch.ts";
import { readEntity } from "../odata/read-rows.ts";
import type { Entity } from "../odata/read-rows.ts";
import { talk } from "./contact.ts";
import type { Talk } from "./contact.ts";
import { loadModel } from "./load-model.ts";
import { locateService } from "./locate-service.ts";
import type { SapSystem } from "./open-sap-system.ts";
import type { SapCall } from "./sap-call.ts";
import { sendBatch } from "./send-batch.ts";
import type { BatchTarget } from "./send-batch.ts";
import { explainConflict, readState } from "./write-guarded.ts";

type Contract = typeof executeSapBatch;
type Result = OutputOf<Contract>["results"][number];

/** Reads and changes entities of one service in one request to SAP; each request gets its own result. */
export async function executeBatch(
  sap: SapSystem,
  input: InputOf<Contract>,
  call: SapCall,
): Promise<Outcome<OutputOf<Contract>>> {
  const writes = input.requests.find(({ operation }) => operation !== "read" && operation !== "read-single");
  if (writes !== undefined && !sap.settings.allowWrites) {
    return fail("read-only", `This server only reads; ${writes.operation} is switched off.`, {
      guidance: "The administrator switches writing on with SAP_ALLOW_WRITES=true.",
    });
  }
  const located = await locateService(sap, input, call);
  if (!located.ok) return located;
  const { contact, service } = located.value;
  const model = await loadModel(contact, service);
  if (!model.ok) return model;
  const plan = planBatch(model.value, input.requests);
  if (!plan.ok) return plan;
  const target: BatchTarget = { model: model.value, servicePath: service.path };
  const results = await talk(contact, (it) => runPlan(it, target, plan.value));
  if (!results.ok) return results;
  return succeed({
    destination: contact.destination.name,
    service: { id: service.id, odataVersion: model.value.odataVersion },
    failed: results.value.filter(({ failure }) => failure !== undefined).length,
    results: fitResults(results.value, sap.settings.read.maxChars),
  });
}

/** Cuts the lists of rows, and only these, to what fits into one answer: what was changed must be told in any case. */
function fitResults(results: readonly Result[], maxChars: number): Result[] {
  let left = maxChars;
  return results.map((result) => {
    if (result.rows === undefined) return result;
    const { rows, chars, warning } = fitRows(result.rows, left);
    left -= chars;
    if (warning === undefined) return result;
    return { ...result, rows, hasMore: true, warnings: [...(result.warnings ?? []), warning] };
  });
}

/** Reads the ETags of what is to be changed, in one batch, and sends the requests with them in another. */
async function runPlan(it: Talk, target: BatchTarget, items: readonly PlannedItem[]): Promise<Outcome<Result[]>> {
  const states = await readStates(it, target, items);
  if (!states.ok) return states;
  const outcomes = await sendBatch(it, target, sendable(items, guardOf(items, states.value)));
  if (!outcomes.ok) return outcomes;
  const results: Result[] = [];
  for (const [at, item] of items.entries()) {
    const outcome = outcomes.value[at] ?? { kind: "unknown" };
    const conflict = await explainOutcome(outcome, item, { it, target, states: states.value });
    for (const planned of item.requests) {
      const result =
        conflict === undefined
          ? readBatchResult(target.model, planned, { outcome, item })
          : { status: 412, failure: conflict.failure };
      results.push({ operation: planned.order.operation, entitySet: planned.set.name, ...result });
    }
  }
  return succeed(results);
}

/** The entities that are to be changed, by their paths; those that can't be read are left to SAP's own answer. */
async function readStates(
  it: Talk,
  target: BatchTarget,
  items: readonly PlannedItem[],
): Promise<Outcome<Map<string, Entity>>> {
  const { model } = target;
  const states = new Map<string, Entity>();
  const guarded = items.flatMap(({ requests }) => requests).filter(({ change }) => isGuarded(change?.method));
  const unique = [...new Map(guarded.map((planned) => [planned.request.path, planned])).values()];
  if (unique.length === 0) return succeed(states);
  const reads = unique.map(({ request: { path } }): BatchItem => {
    return { kind: "single", request: { method: "GET", path, headers: { accept: jsonAccept(model.odataVersion) } } };
  });
  const outcomes = await sendBatch(it, target, reads);
  if (!outcomes.ok) return outcomes;
  for (const [at, planned] of unique.entries()) {
    const answer = onlyAnswer(outcomes.value[at]);
    if (answer === undefined || answer.status >= 300) continue;
    const entity = readEntity(model, planned.set.type, answer);
    if (entity.ok) states.set(planned.request.path, entity.value);
  }
  return succeed(states);
}

/** The ETag to send with each change; what an earlier request of the batch creates or changes can't have one yet. */
function guardOf(
  items: readonly PlannedItem[],
  states: ReadonlyMap<string, Entity>,
): (planned: PlannedRequest) => string | undefined {
  const requests = items.flatMap((item) => item.requests);
  return (planned) => {
    if (!isGuarded(planned.change?.method)) return undefined;
    const earlier = requests.slice(0, requests.indexOf(planned));
    const isChanged = earlier.some((it) => isGuarded(it.change?.method) && it.request.path === planned.request.path);
    const isCreated = earlier.some((it) => it.change?.method === "POST" && it.set === planned.set);
    const state = states.get(planned.request.path);
    return isChanged || (state === undefined && isCreated) ? "*" : state?.etag;
  };
}

function isGuarded(method: string | undefined): boolean {
  return method !== undefined && method !== "POST";
}

function onlyAnswer(outcome: BatchOutcome | undefined): SapAnswer | undefined {
  return outcome?.kind === "answers" ? outcome.answers[0] : undefined;
}

interface Scene {
  readonly it: Talk;
  readonly target: BatchTarget;
  readonly states: ReadonlyMap<string, Entity>;
}

/** The failure of an item that came too late (412), with what has changed; undefined for any other outcome. */
async function explainOutcome(
  outcome: BatchOutcome,
  item: PlannedItem,
  { it, target, states }: Scene,
): Promise<ReturnType<typeof fail> | undefined> {
  const answer = outcome.kind === "rolled-back" ? outcome.answer : onlyAnswer(outcome);
  if (answer?.status !== 412) return undefined;
  for (const { request, set } of item.requests) {
    const before = states.get(request.path);
    if (before === undefined) continue;
    const path = `${target.servicePath}/${request.path}`;
    const now = await readState(it, { model: target.model, type: set.type, path });
    if (now.ok && now.value.etag === before.etag) continue;
    const { kind, message, ...facts } = explainConflict(answer, before.row, now).failure;
    return fail(kind, `${rolledBack(item)}${decodeURIComponent(request.path)}: ${message}`, facts);
  }
  return undefined;
}
