import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { nearestNames } from "@sap-mcp/shared/suggest-names.ts";
import type { BatchItem, BatchRequest } from "./batch-request.ts";
import { buildChange, changeHeaders } from "./build-change.ts";
import type { Change, ChangeOperation } from "./build-change.ts";
import { buildQuery } from "./build-query.ts";
import type { QueryOptions } from "./build-query.ts";
import { formatEntityPath } from "./format-key.ts";
import type { Row } from "./format-key.ts";
import { jsonAccept } from "./media-types.ts";
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
  readonly order: BatchOrder;
  readonly set: EntitySet;
  readonly request: BatchRequest;
  /** What the rows look like that come back. */
  readonly type: StructuredType;
  /** Absent for a read. */
  readonly change?: Change;
  /** Most rows of a list. */
  readonly top?: number;
  readonly warnings: readonly string[];
}

/** An item of the batch: a request alone, or the requests of a change set. */
export interface PlannedItem {
  readonly changeSet: string | undefined;
  readonly isChangeSet: boolean;
  readonly requests: readonly PlannedRequest[];
}

const defaultTop = 100;

/** Makes the requests of a batch out of the orders, all checked against the service; a failure says which order is wrong. */
export function planBatch(model: ServiceModel, orders: readonly BatchOrder[]): Outcome<PlannedItem[]> {
  const items: PlannedItem[] = [];
  for (const [at, order] of orders.entries()) {
    const planned = planRequest(model, order);
    const wrong = planned.ok ? (checkChangeSet(items, order) ?? checkUnique(items, planned.value)) : planned;
    if (wrong !== undefined) {
      const { kind, message, ...facts } = wrong.failure;
      return fail(kind, `Request ${at + 1} of the batch: ${message}`, facts);
    }
    if (!planned.ok) return planned;
    const last = items.at(-1);
    const { changeSet } = order;
    if (changeSet !== undefined && last?.changeSet === changeSet)
      items[items.length - 1] = { ...last, requests: [...last.requests, planned.value] };
    else items.push({ changeSet, isChangeSet: needsChangeSet(model, planned.value), requests: [planned.value] });
  }
  return succeed(items);
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
  items: readonly PlannedItem[],
  { changeSet, operation }: BatchOrder,
): ReturnType<typeof fail> | undefined {
  if (changeSet === undefined) return undefined;
  if (operation === "read" || operation === "read-single")
    return fail("invalid-input", "A change set holds changes only, no reads.", {
      guidance: "Leave changeSet out of requests that read.",
    });
  if (items.slice(0, -1).every((item) => item.changeSet !== changeSet)) return undefined;
  return fail(
    "invalid-input",
    `The requests of the change set ${changeSet.slice(0, 50)} are not one behind the other.`,
    {
      guidance: "Order the requests so, or give the change sets different names.",
    },
  );
}

/** The ETag of an entity guards its first change only; a second one must fail together with the first. */
function checkUnique(
  items: readonly PlannedItem[],
  { request, change, order }: PlannedRequest,
): ReturnType<typeof fail> | undefined {
  const earlier = items.filter(({ changeSet }) => changeSet === undefined || changeSet !== order.changeSet);
  const isTwice = earlier.some((item) =>
    item.requests.some((it) => it.change !== undefined && it.request.path === request.path),
  );
  if (!isTwice || change === undefined || change.method === "POST") return undefined;
  return fail("invalid-input", "An earlier request changes the same entity.", {
    guidance: "Put both into one change set, or make one change of them.",
  });
}

function planRequest(model: ServiceModel, order: BatchOrder): Outcome<PlannedRequest> {
  const { operation } = order;
  const set = model.entitySets.get(order.entityName);
  if (set === undefined) {
    return fail("unknown-entity-set", `The service has no entity set ${order.entityName.slice(0, 100)}.`, {
      guidance: nearestNames(order.entityName, model.entitySets.keys(), "discover-service-entities lists all of them."),
    });
  }
  const useless = uselessIn(order);
  if (useless !== undefined) return fail("invalid-input", `${operation} has no use for ${useless}.`);
  if (operation === "read" || operation === "read-single") return planRead(model, set, order);
  const change = buildChange(model, set, { operation, parameters: order.parameters ?? {} });
  if (!change.ok) return change;
  const { method, path, type, body } = change.value;
  const headers = changeHeaders(model.odataVersion, body);
  const request = { method, path, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
  return succeed({ order, set, type, request, change: change.value, warnings: [] });
}

/** What an operation would ignore without a word. */
function uselessIn({ operation, parameters = {}, filter, queryOptions = {} }: BatchOrder): string | undefined {
  if (operation === "read")
    return Object.keys(parameters).length > 0 ? "parameters; use filter, or read-single" : undefined;
  if (filter !== undefined) return "filter";
  return Object.keys(queryOptions).find((it) => operation !== "read-single" || (it !== "$select" && it !== "$expand"));
}

function planRead(model: ServiceModel, set: EntitySet, order: BatchOrder): Outcome<PlannedRequest> {
  const { operation, parameters = {}, filter, queryOptions = {} } = order;
  const isList = operation === "read";
  const path = isList ? succeed(encodeURIComponent(set.name)) : formatEntityPath(model, set, parameters);
  if (!path.ok) return path;
  const top = queryOptions.$top ?? defaultTop;
  const options = isList ? { ...queryOptions, filter, $top: top, count: true } : queryOptions;
  const query = buildQuery(model, { name: set.name, type: set.type, set }, options);
  if (!query.ok) return query;
  const { text, type, warnings } = query.value;
  const request = { method: "GET", path: path.value + text, headers: { accept: jsonAccept(model.odataVersion) } };
  return succeed({ order, set, type, request, ...(isList && { top }), warnings });
}
