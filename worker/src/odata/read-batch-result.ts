import type { Failure } from "@sap-mcp/shared/failure.ts";
import type { SapAnswer } from "./answer.ts";
import { explainApply } from "./explain-apply.ts";
import { explainDraft } from "./explain-draft.ts";
import { explainMissing } from "./explain-missing.ts";
import type { Row } from "./format-key.ts";
import type { PlannedItem, PlannedRequest } from "./plan-batch.ts";
import type { BatchOutcome } from "./read-batch.ts";
import { readFailure } from "./read-failure.ts";
import { readEntity, readPage } from "./read-rows.ts";
import { remarkRows } from "./remark-rows.ts";
import type { ServiceModel } from "./service-model.ts";

/** What one request of a batch brought back. */
export interface BatchResult {
  readonly status?: number;
  readonly rows?: Row[];
  /** Rows in this answer. */
  readonly count?: number;
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

/** The result of a request out of the outcome of its item, of which nothing was rolled back. */
export function readBatchResult(
  model: ServiceModel,
  planned: PlannedRequest,
  { outcome, item }: { outcome: Exclude<BatchOutcome, { kind: "rolled-back" }>; item: PlannedItem },
): BatchResult {
  switch (outcome.kind) {
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

function readAnswer(model: ServiceModel, planned: PlannedRequest, answer: SapAnswer): BatchResult {
  const { status } = answer;
  const { order, set, type, change, query } = planned;
  if (status >= 300) {
    const failure = explainMissing(readFailure(answer), { model, set, ...order });
    return { status, failure: query === undefined ? failure : explainApply(failure, query, { name: set.name, set }) };
  }
  if (order.operation === "read") return { status, ...readRows(model, planned, answer) };
  if (order.operation === "delete") return { status, deleted: order.parameters ?? {} };
  if (answer.body === "") return { status };
  const entity = readEntity(model, type, answer);
  if (!entity.ok)
    return change === undefined ? { status, failure: entity.failure } : { status, warnings: [entity.failure.message] };
  const { row } = entity.value;
  const next = change && explainDraft(model, set, row);
  const warnings = [
    ...(query === undefined ? [] : remarkRows(query, { rows: [row], total: 1 })),
    ...(next === undefined ? [] : [next]),
  ];
  return { status, entity: row, ...(warnings.length > 0 && { warnings }) };
}

function readRows(
  model: ServiceModel,
  { type, order, top = 0, query }: PlannedRequest,
  answer: SapAnswer,
): BatchResult {
  const page = readPage(model, type, answer);
  if (!page.ok) return { failure: page.failure };
  const { total, next, partial } = page.value;
  const rows = page.value.rows.slice(0, top);
  const seen = (order.queryOptions?.$skip ?? 0) + rows.length;
  const hasMore = total === undefined ? next !== undefined || rows.length === top : seen < total;
  const warnings = [
    ...(query === undefined ? [] : remarkRows(query, { rows, total })),
    ...partial.map((name) => `SAP sent only a part of ${name}; read the rest from its own entity set.`),
  ];
  return {
    rows,
    count: rows.length,
    ...(total !== undefined && { total }),
    ...(top > 0 && { hasMore }),
    ...(warnings.length > 0 && { warnings }),
  };
}
