import type { Failure } from "@sap-mcp/shared/failure.ts";
import { fail } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { BatchItem, BatchRequest } from "./batch-request.ts";
import type { Change, ChangeOperation } from "./build-change.ts";
import type { BuiltQuery, QueryOptions } from "./build-query.ts";
import type { Row } from "./format-key.ts";
import { planRequest } from "./plan-request.ts";
import type { EntitySet, ServiceModel, StructuredType } from "./service-model.ts";

/** What a caller wants of one request of a batch. */
export interface BatchOrder {
  readonly operation: "read" | "read-single" | ChangeOperation;
  readonly entityName: string;
  readonly parameters?: Row | undefined;
  readonly filter?: Row | undefined;
  readonly queryOptions?: QueryOptions | undefined;
  /** Name of the change set that the request belongs to. */
  readonly changeSet?: string | undefined;
}

export interface PlannedRequest {
  /** Its place among the orders, from 1. */
  readonly number: number;
  readonly order: BatchOrder;
  readonly set: EntitySet;
  readonly request: BatchRequest;
  /** What the rows look like that come back. */
  readonly type: StructuredType;
  /** Absent for a read. */
  readonly change?: Change;
  /** Absent for a change. */
  readonly query?: BuiltQuery;
  /** Most rows of a list. */
  readonly top?: number;
}

/** An item of the batch: a request alone, or the requests of a change set. */
export interface PlannedItem {
  readonly changeSet: string | undefined;
  readonly isChangeSet: boolean;
  readonly requests: readonly PlannedRequest[];
}

/** What of a batch can be sent, in the order of the orders, and why the rest can't. */
export interface BatchPlan {
  readonly items: readonly PlannedItem[];
  /** By the place among the orders, from 1. */
  readonly refused: ReadonlyMap<number, Failure>;
}

interface NumberedOrder {
  readonly number: number;
  readonly order: BatchOrder;
}

/** Makes the requests of a batch, all checked against the service; one that is wrong takes its change set with it. */
export function planBatch(model: ServiceModel, orders: readonly BatchOrder[]): BatchPlan {
  const items: PlannedItem[] = [];
  const refused = new Map<number, Failure>();
  const numbered = orders.map((order, at): NumberedOrder => ({ number: at + 1, order }));
  for (const [name, group] of Map.groupBy(numbered, ({ number, order }) => order.changeSet ?? number)) {
    const changeSet = typeof name === "string" ? name : undefined;
    const requests: PlannedRequest[] = [];
    for (const member of group) {
      const planned = planMember(model, member, { items, before: requests.at(-1) });
      if (planned.ok) requests.push(planned.value);
      else {
        for (const { number } of group)
          refused.set(number, explainWrong(planned.failure, { changeSet, wrong: member.number, number }));
        break;
      }
    }
    const [first] = requests;
    if (first !== undefined && requests.length === group.length)
      items.push({ changeSet, isChangeSet: needsChangeSet(model, first), requests });
  }
  return { items, refused };
}

function planMember(
  model: ServiceModel,
  { number, order }: NumberedOrder,
  { items, before }: { items: readonly PlannedItem[]; before: PlannedRequest | undefined },
): Outcome<PlannedRequest> {
  const planned = planRequest(model, number, order);
  if (!planned.ok) return planned;
  return checkChangeSet(planned.value, before) ?? checkUnique(items, planned.value) ?? planned;
}

/** A change set stands or falls as a whole; its other requests are told which one is wrong. */
function explainWrong(
  { kind, message, ...facts }: Failure,
  { changeSet, wrong, number }: { changeSet: string | undefined; wrong: number; number: number },
): Failure {
  if (changeSet === undefined) return { kind, message, ...facts };
  const nothing = `Nothing of change set ${changeSet} was executed, because`;
  return number === wrong
    ? { kind, message: `${nothing} this request is wrong: ${message}`, ...facts }
    : { kind, message: `${nothing} request ${wrong} is wrong.` };
}

/** The items as they are sent; `etagOf` gives the ETag that guards a change. */
export function sendable(
  items: readonly PlannedItem[],
  etagOf: (request: PlannedRequest) => string | undefined,
): BatchItem[] {
  const guarded = (planned: PlannedRequest): BatchRequest => {
    const etag = etagOf(planned);
    return etag === undefined
      ? planned.request
      : { ...planned.request, headers: { ...planned.request.headers, "if-match": etag } };
  };
  return items.map(({ isChangeSet, requests }) =>
    isChangeSet
      ? { kind: "change-set", requests: requests.map(guarded) }
      : { kind: "single", request: guarded(requests[0] as PlannedRequest) },
  );
}

/** V2 takes changes in change sets only. */
function needsChangeSet(model: ServiceModel, { change, order }: PlannedRequest): boolean {
  return change !== undefined && (order.changeSet !== undefined || model.odataVersion === "V2");
}

function checkChangeSet(
  { number, order, change }: PlannedRequest,
  before: PlannedRequest | undefined,
): ReturnType<typeof fail> | undefined {
  if (order.changeSet === undefined) return undefined;
  if (change === undefined)
    return fail("invalid-input", "A change set holds changes only, no reads.", {
      guidance: "Leave changeSet out of requests that read.",
    });
  if (before === undefined || before.number === number - 1) return undefined;
  return fail("invalid-input", `The requests of a change set must stand one behind the other.`, {
    guidance: "Order the requests so, or give the change sets different names.",
  });
}

/** The ETag of an entity guards its first change only; a second one must fail together with the first. */
function checkUnique(
  items: readonly PlannedItem[],
  { request, change }: PlannedRequest,
): ReturnType<typeof fail> | undefined {
  const isTwice = items.some((item) =>
    item.requests.some((it) => it.change !== undefined && it.request.path === request.path),
  );
  if (!isTwice || change === undefined || change.method === "POST") return undefined;
  return fail("invalid-input", "An earlier request changes the same entity.", {
    guidance: "Put both into one change set, or make one change of them.",
  });
}
