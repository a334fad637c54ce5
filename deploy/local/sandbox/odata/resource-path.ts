import type { ODataVersion } from "../model/service-definition.ts";
import { scanLiteral } from "./odata-literal.ts";
import type { ODataLiteral } from "./odata-literal.ts";
import { refuse } from "./sap-error.ts";

/** One step of a path: a name, and the literals in its parentheses, by name or as the only one under "". */
export interface PathSegment {
  readonly name: string;
  readonly literals: ReadonlyMap<string, ODataLiteral> | undefined;
}

/** Splits the still encoded path behind the service root: an encoded slash belongs to a key, a bare one ends the segment. */
export function parseResourcePath(path: string, version: ODataVersion): PathSegment[] {
  return path
    .split("/")
    .filter((segment) => segment !== "")
    .map((segment) => parseSegment(decodeUrl(segment), version));
}

export function decodeUrl(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refuse("bad-syntax", `Malformed percent encoding in '${text}'`);
  }
}

function parseSegment(segment: string, version: ODataVersion): PathSegment {
  const open = segment.indexOf("(");
  if (open < 0) return { name: segment, literals: undefined };
  if (!segment.endsWith(")")) throw refuse("bad-key", `Invalid key predicate '${segment.slice(open)}'`);
  return { name: segment.slice(0, open), literals: parseLiterals(segment.slice(open + 1, -1), version) };
}

const namePattern = / *([A-Za-z_]\w*)=/y;

function parseLiterals(text: string, version: ODataVersion): ReadonlyMap<string, ODataLiteral> {
  const literals = new Map<string, ODataLiteral>();
  let at = 0;
  while (at < text.length) {
    namePattern.lastIndex = at;
    const name = namePattern.exec(text);
    const found = scanLiteral(text, name === null ? at : namePattern.lastIndex, version);
    const key = name?.[1] ?? "";
    if (found === undefined || literals.has(key))
      throw refuse("bad-key", `Invalid key predicate '(${text})': error at position ${at}`);
    literals.set(key, found.literal);
    at = found.end;
    if (at < text.length && text[at++] !== ",")
      throw refuse("bad-key", `Invalid key predicate '(${text})': error at position ${at - 1}`);
  }
  return literals;
}
