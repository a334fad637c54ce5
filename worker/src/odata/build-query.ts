import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { checkPath } from "./check-path.ts";
import { splitOutsideParentheses } from "./split-list.ts";
import type { EntitySet, ServiceModel, StructuredType } from "./service-model.ts";

/** Query options as the caller wrote them, raw. */
export interface QueryOptions {
  readonly $filter?: string | undefined;
  readonly $select?: string | undefined;
  readonly $expand?: string | undefined;
  readonly $orderby?: string | undefined;
  readonly $top?: number | undefined;
  readonly $skip?: number | undefined;
  readonly $search?: string | undefined;
}

/**
 * The query string of a read, with its `?`, checked against the service. Every value is percent-encoded, so that
 * whatever stands in it stays within its own option. `count` asks for the number of all rows that match.
 */
export function buildQuery(
  model: ServiceModel,
  set: EntitySet,
  options: QueryOptions & { count?: boolean },
): Outcome<string> {
  const expand = checkExpand(model, set.type, options.$expand);
  if (!expand.ok) return expand;
  const select = checkSelect(model, set.type, { select: options.$select, expand: expand.value });
  if (!select.ok) return select;
  const orderby = checkOrderby(model, set.type, options.$orderby);
  if (!orderby.ok) return orderby;
  const search = options.$search?.trim() ?? "";
  if (search !== "" && !set.searchable) {
    return fail("invalid-input", `${set.name} can't be searched with $search.`, {
      guidance:
        model.odataVersion === "V2"
          ? "Use $filter, e.g. substringof('text',Name) or startswith(Name,'text')."
          : "Use $filter, e.g. contains(Name,'text') or startswith(Name,'text').",
    });
  }
  const isV2 = model.odataVersion === "V2";
  const given: [string, string | undefined][] = [
    ["$filter", options.$filter?.trim()],
    ["$select", select.value],
    ["$expand", expand.value.join(",")],
    ["$orderby", orderby.value],
    ["$top", options.$top?.toString()],
    ["$skip", options.$skip ? options.$skip.toString() : undefined],
    [isV2 ? "search" : "$search", search],
    ...(options.count === true && set.countable
      ? [[isV2 ? "$inlinecount" : "$count", isV2 ? "allpages" : "true"] as [string, string]]
      : []),
  ];
  const parts = given.flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [`${name}=${encodeURIComponent(value.toWellFormed())}`],
  );
  return succeed(parts.length === 0 ? "" : `?${parts.join("&")}`);
}

function checkSelect(
  model: ServiceModel,
  type: StructuredType,
  given: { select: string | undefined; expand: string[] },
): Outcome<string> {
  const items = listOf(given.select);
  for (const item of items) {
    const wrong = item === "*" ? undefined : checkPath(model, type, { path: item, option: "$select" });
    if (wrong !== undefined) return wrong;
  }
  // In V2 an expanded navigation property that is not selected too does not come back.
  const isMissing = (path: string) =>
    !items.some((item) => item === path || item.startsWith(`${path}/`) || path.startsWith(`${item}/`));
  const added = model.odataVersion === "V2" && items.length > 0 ? given.expand.filter(isMissing) : [];
  return succeed([...items, ...added].join(","));
}

function checkOrderby(model: ServiceModel, type: StructuredType, text: string | undefined): Outcome<string> {
  const items: string[] = [];
  for (const item of listOf(text)) {
    const [, path = "", direction = ""] = /^(\S+)(?:\s+(asc|desc))?$/i.exec(item) ?? [];
    if (path === "")
      return fail("invalid-input", `$orderby has a part that can't be read: ${item.slice(0, 80)}.`, {
        guidance: 'Write "Name desc,City".',
      });
    const wrong = checkPath(model, type, { path, option: "$orderby" });
    if (wrong !== undefined) return wrong;
    items.push(direction === "" ? path : `${path} ${direction.toLowerCase()}`);
  }
  return succeed(items.join(","));
}

/** Items such as `Items`, in V2 also `Items/Product`, in V4 also `Items($select=Id)`; SAP checks what stands in parentheses. */
function checkExpand(model: ServiceModel, type: StructuredType, text: string | undefined): Outcome<string[]> {
  const items = splitOutsideParentheses(text ?? "");
  if (items === undefined) return fail("invalid-input", "$expand has a parenthesis or a quote that is not closed.");
  for (const item of items) {
    const bracket = item.indexOf("(");
    const path = bracket === -1 ? item : item.slice(0, bracket).trim();
    if (model.odataVersion === "V2" && bracket !== -1) {
      return fail("invalid-input", "OData V2 has no options within $expand.", {
        guidance: "Write Items,Items/Product, and use $select with such paths.",
      });
    }
    if (model.odataVersion === "V4" && path.includes("/")) {
      return fail("invalid-input", `OData V4 can't expand ${path.slice(0, 100)} as a path.`, {
        guidance: "Write Items($expand=Product).",
      });
    }
    const wrong = checkPath(model, type, { path, option: "$expand" });
    if (wrong !== undefined) return wrong;
  }
  return succeed(items);
}

function listOf(text: string | undefined): string[] {
  return (text ?? "").split(",").flatMap((item) => (item.trim() === "" ? [] : [item.trim()]));
}
