import { parseFilter } from "./filter-parser.ts";
import { parseCount, parseOrderBy, readOptions } from "./read-options.ts";
import type { QueryOptions } from "./query-options.ts";
import { noOptions } from "./query-options.ts";
import { refuse } from "./sap-error.ts";

const known = ["$filter", "$select", "$expand", "$orderby", "$top", "$skip", "$inlinecount", "$format", "$skiptoken"];

/** Parses the still encoded query string of a V2 request. */
export function parseQueryV2(query: string): QueryOptions {
  const options = readOptions(query, known);
  const filter = options.get("$filter");
  const inlineCount = options.get("$inlinecount") ?? "none";
  if (inlineCount !== "allpages" && inlineCount !== "none")
    throw refuse("bad-option", `Invalid value '${inlineCount}' for $inlinecount`);
  const search = options.get("search");
  return {
    ...selectPaths(splitPaths(options.get("$select")), splitPaths(options.get("$expand"))),
    ...(filter !== undefined && { filter: parseFilter(filter, "V2") }),
    orderBy: parseOrderBy(options.get("$orderby")),
    ...(options.has("$top") && { top: parseCount("$top", options.get("$top") as string) }),
    skip: parseCount("$skip", options.get("$skip") ?? "0"),
    skipToken: parseCount("$skiptoken", options.get("$skiptoken") ?? "0"),
    count: inlineCount === "allpages",
    ...(search !== undefined && { search }),
  };
}

/** V2 lists paths, `to_Item/Material` beside `SalesOrder`: turns them into options per navigation. */
function selectPaths(selected: readonly string[][], expanded: readonly string[][]): QueryOptions {
  const expand = new Map<string, QueryOptions>();
  for (const name of new Set(expanded.map((path) => path[0] as string))) {
    const below = (paths: readonly string[][]) =>
      paths.filter((path) => path[0] === name && path.length > 1).map((path) => path.slice(1));
    expand.set(name, selectPaths(below(selected), below(expanded)));
  }
  const names = selected.filter((path) => path.length === 1).map((path) => path[0] as string);
  const restricts = selected.length > 0 && !names.includes("*");
  return { ...noOptions, ...(restricts && { select: new Set(names) }), expand };
}

function splitPaths(text: string | undefined): string[][] {
  if (text === undefined || text.trim() === "") return [];
  return text.split(",").map((path) => path.trim().split("/"));
}
