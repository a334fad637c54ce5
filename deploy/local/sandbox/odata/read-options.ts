import type { OrderBy } from "./query-options.ts";
import { decodeUrl } from "./resource-path.ts";
import { refuse } from "./sap-error.ts";

/** The decoded options of a query string. @throws SapError for `$` options that are not known, given twice, or have a bare plus. */
export function readOptions(query: string, known: readonly string[]): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const part of query.split("&")) {
    if (part === "") continue;
    const equals = part.indexOf("=");
    const name = decodeUrl(equals < 0 ? part : part.slice(0, equals));
    const value = equals < 0 ? "" : part.slice(equals + 1);
    // Whether it stands for a space or for itself is anybody's guess; so spaces are %20 and a plus is %2B.
    if (value.includes("+")) throw refuse("bad-syntax", `Invalid character '+' in query option '${name}'`, name);
    if (name.startsWith("$") && !known.includes(name))
      throw refuse("bad-option", `System query option '${name}' is not supported`, name);
    if (options.has(name)) throw refuse("bad-option", `Query option '${name}' is given more than once`, name);
    options.set(name, decodeUrl(value));
  }
  return options;
}

export function parseCount(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw refuse("bad-option", `Invalid value '${text}' for query option ${name}`, name);
  return Number(text);
}

export function parseOrderBy(text: string | undefined): OrderBy[] {
  if (text === undefined || text.trim() === "") return [];
  return text.split(",").map((term) => {
    const match = /^ *([\w$/]+)(?: +(asc|desc))? *$/.exec(term);
    if (match === null) throw refuse("bad-syntax", `Invalid term '${term}' in $orderby`, "$orderby");
    return { path: (match[1] as string).split("/"), descending: match[2] === "desc" };
  });
}
