import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { nearestNames } from "@sap-mcp/shared/suggest-names.ts";
import { buildChange, changeHeaders } from "./build-change.ts";
import { buildQuery } from "./build-query.ts";
import { formatEntityPath } from "./format-key.ts";
import { jsonAccept } from "./media-types.ts";
import type { BatchOrder, PlannedRequest } from "./plan-batch.ts";
import type { EntitySet, ServiceModel } from "./service-model.ts";

const defaultTop = 100;

/** Makes a request out of an order, checked against the service. */
export function planRequest(model: ServiceModel, number: number, order: BatchOrder): Outcome<PlannedRequest> {
  const { operation } = order;
  const set = model.entitySets.get(order.entityName);
  if (set === undefined) {
    return fail("unknown-entity-set", `The service has no entity set ${order.entityName.slice(0, 100)}.`, {
      guidance: nearestNames(order.entityName, model.entitySets.keys(), "discover-service-entities lists all of them."),
    });
  }
  const useless = uselessIn(order);
  if (useless !== undefined) return fail("invalid-input", `${operation} has no use for ${useless}.`);
  if (operation === "read" || operation === "read-single") return planRead(model, set, { number, order });
  const change = buildChange(model, set, { operation, parameters: order.parameters ?? {} });
  if (!change.ok) return change;
  const { method, path, type, body } = change.value;
  const headers = changeHeaders(model.odataVersion, body);
  const request = { method, path, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
  return succeed({ number, order, set, type, request, change: change.value });
}

/** What an operation would ignore without a word. */
function uselessIn({ operation, parameters = {}, filter, queryOptions = {} }: BatchOrder): string | undefined {
  if (operation === "read")
    return Object.keys(parameters).length > 0 ? "parameters; use filter, or read-single" : undefined;
  if (filter !== undefined) return "filter";
  const ofOne = ["$select", "$expand", "$count"];
  return Object.keys(queryOptions).find((it) => operation !== "read-single" || !ofOne.includes(it));
}

function planRead(
  model: ServiceModel,
  set: EntitySet,
  { number, order }: Pick<PlannedRequest, "number" | "order">,
): Outcome<PlannedRequest> {
  const { operation, parameters = {}, filter, queryOptions = {} } = order;
  const isList = operation === "read";
  const path = isList ? succeed(encodeURIComponent(set.name)) : formatEntityPath(model, set, parameters);
  if (!path.ok) return path;
  const top = queryOptions.$top ?? defaultTop;
  const options = isList ? { ...queryOptions, filter, $top: top, count: true } : queryOptions;
  const query = buildQuery(model, { name: set.name, type: set.type, set }, options);
  if (!query.ok) return query;
  const headers = { accept: jsonAccept(model.odataVersion) };
  const request = { method: "GET", path: path.value + query.value.text, headers };
  return succeed({ number, order, set, type: query.value.type, request, query: query.value, ...(isList && { top }) });
}
