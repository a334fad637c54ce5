import { parseApply } from "./apply-parser.ts";
import { parseFilter } from "./filter-parser.ts";
import { parseCount, parseOrderBy, readOptions } from "./read-options.ts";
import type { QueryOptions } from "./query-options.ts";
import { refuse } from "./sap-error.ts";
import { splitOutside } from "./split-outside.ts";

const nested = ["$filter", "$select", "$expand", "$orderby", "$top", "$skip", "$count", "$search"];
const known = [...nested, "$apply", "$format", "$skiptoken"];

/** Parses the still encoded query string of a V4 request. */
export function parseQueryV4(query: string): QueryOptions {
  return readQuery(readOptions(query, known));
}

function readQuery(options: ReadonlyMap<string, string>): QueryOptions {
  const filter = options.get("$filter");
  const apply = options.get("$apply");
  const search = options.get("$search");
  const count = options.get("$count") ?? "false";
  if (count !== "true" && count !== "false")
    throw refuse("bad-option", `Invalid value '${count}' for $count`, "$count");
  const select = parseSelect(options.get("$select"));
  return {
    ...(filter !== undefined && { filter: parseFilter(filter, "V4") }),
    ...(apply !== undefined && { apply: parseApply(apply) }),
    orderBy: parseOrderBy(options.get("$orderby")),
    ...(options.has("$top") && { top: parseCount("$top", options.get("$top") as string) }),
    skip: parseCount("$skip", options.get("$skip") ?? "0"),
    skipToken: parseCount("$skiptoken", options.get("$skiptoken") ?? "0"),
    count: count === "true",
    ...(search !== undefined && { search }),
    ...(select !== undefined && { select }),
    expand: parseExpand(options.get("$expand")),
  };
}

function parseSelect(text: string | undefined): ReadonlySet<string> | undefined {
  if (text === undefined || text.trim() === "" || text.trim() === "*") return undefined;
  return new Set(text.split(",").map((name) => name.trim()));
}

/** `_Item($select=Material;$expand=_Product),_SoldToParty` */
function parseExpand(text: string | undefined): ReadonlyMap<string, QueryOptions> {
  const expand = new Map<string, QueryOptions>();
  if (text === undefined || text.trim() === "") return expand;
  for (const item of splitOutside(text, ",")) {
    const match = /^([\w]+)(?:\((.*)\))?$/s.exec(item.trim());
    if (match === null) throw refuse("bad-syntax", `Invalid item '${item}' in $expand`, "$expand");
    const options = new Map<string, string>();
    for (const option of splitOutside(match[2] ?? "", ";")) {
      if (option.trim() === "") continue;
      const equals = option.indexOf("=");
      const name = option.slice(0, equals).trim();
      if (!nested.includes(name))
        throw refuse("bad-option", `Option '${option}' is not supported in $expand`, "$expand");
      options.set(name, option.slice(equals + 1));
    }
    expand.set(match[1] as string, readQuery(options));
  }
  return expand;
}
