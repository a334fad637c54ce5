import type { Failure } from "@sap-mcp/shared/failure.ts";
import type { SapAnswer } from "./answer.ts";
import { explainDraft } from "./explain-draft.ts";
import type { Row } from "./format-key.ts";
import type { PlannedItem, PlannedRequest } from "./plan-batch.ts";
import type { BatchOutcome } from "./read-batch.ts";
import { readFailure } from "./read-failure.ts";
import { readEntity, readPage } from "./read-rows.ts";
import type { ServiceModel } from "./service-model.ts";

/** What one request of a batch brought back. */
export interface BatchResult {
  readonly status?: number;
  readonly rows?: Row[];
  readonly total?: number;
  readonly hasMore?: boolean;
  readonly entity?: Row;
  readonly deleted?: Row;
  readonly failure?: Failure;
  readonly warnings?: string[];
}

const notExecuted: Failure = {
  kind: "rejected",
  message: "SAP did not execute this request, because one before it failed.",
  guidance: "Correct the request that failed and send this one again.",
};

const unread: Failure = {
  kind: "bad-answer",
  message: "SAP's answer ended before the answer to this request.",
  guidance: "Read it by itself.",
};

const unknown: Failure = {
  kind: "outcome-unknown",
  message: "SAP's answer ended before the answer to this request, which SAP may have executed.",
  guidance: "Read the entity to see whether the change was made, before you repeat it.",
};

/** The result of a request out of the outcome of its item. */
export function readBatchResult(
  model: ServiceModel,
  planned: PlannedRequest,
  { outcome, item }: { outcome: BatchOutcome; item: PlannedItem },
): BatchResult {
  switch (outcome.kind) {
    case "rolled-back":
      return { status: outcome.answer.status, failure: failureOf(outcome.answer, rolledBack(item)) };
    case "not-executed":
      return { failure: notExecuted };
    case "unknown":
      return { failure: planned.change === undefined ? unread : unknown };
    case "answers": {
      const answer = outcome.answers[item.requests.indexOf(planned)];
      return answer === undefined ? { failure: unknown } : readAnswer(model, planned, answer);
    }
  }
}

/** Begins the message of a failure that holds for a whole change set. */
export function rolledBack({ changeSet }: PlannedItem): string {
  return changeSet === undefined ? "" : `Nothing of change set ${changeSet} was executed. `;
}

function readAnswer(model: ServiceModel, planned: PlannedRequest, answer: SapAnswer): BatchResult {
  const { status } = answer;
  const { order, set, type, change } = planned;
  if (status >= 300) return { status, failure: failureOf(answer, "") };
  if (order.operation === "read") return { status, ...readRows(model, planned, answer) };
  if (order.operation === "delete") return { status, deleted: order.parameters ?? {} };
  if (answer.body === "") return { status };
  const entity = readEntity(model, type, answer);
  if (!entity.ok)
    return change === undefined ? { status, failure: entity.failure } : { status, warnings: [entity.failure.message] };
  const next = explainDraft(model, set, entity.value.row);
  return { status, entity: entity.value.row, ...(change && next !== undefined && { warnings: [next] }) };
}

function readRows(
  model: ServiceModel,
  { type, order, top = 0, warnings }: PlannedRequest,
  answer: SapAnswer,
): BatchResult {
  const page = readPage(model, type, answer);
  if (!page.ok) return { failure: page.failure };
  const { total, next, partial } = page.value;
  const rows = page.value.rows.slice(0, top);
  const seen = (order.queryOptions?.$skip ?? 0) + rows.length;
  const hasMore = total === undefined ? next !== undefined || (top > 0 && rows.length === top) : seen < total;
  const doubts = [
    ...warnings,
    ...partial.map((name) => `SAP sent only a part of ${name}; read the rest from its own entity set.`),
  ];
  return { rows, ...(total !== undefined && { total }), hasMore, ...(doubts.length > 0 && { warnings: doubts }) };
}

function failureOf(answer: SapAnswer, before: string): Failure {
  const { message, ...facts } = readFailure(answer);
  return { ...facts, message: before + message };
}
