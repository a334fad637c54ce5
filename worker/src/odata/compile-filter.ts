import { parseFilter } from "./parse-filter.ts";
import { readFilter } from "./read-filter.ts";
import type { QueryScope } from "./resolve-path.ts";
import { writeFilter } from "./write-filter.ts";
import type { FilterFindings } from "./write-filter.ts";

/** A filter as text, as JSON, or both, in which case both must hold. */
export interface GivenFilter {
  readonly text?: string | undefined;
  readonly json?: unknown;
}

export interface CompiledFilter extends FilterFindings {
  /** The filter as the service's version of OData wants it; empty for none. */
  readonly text: string;
}

/** Checks a filter against the service and writes it anew. Throws through `refuseQuery`. */
export function compileFilter(scope: QueryScope, given: GivenFilter): CompiledFilter {
  const findings: FilterFindings = {
    corrections: [],
    paths: new Set(),
    doubts: new Set(),
    caseSensitive: new Set(),
  };
  const written = given.text?.trim() ?? "";
  const parts: string[] = [];
  if (given.json !== undefined) parts.push(writeFilter(scope, readFilter(given.json), findings));
  if (written !== "") {
    const { node, corrections } = parseFilter(plainTextOf(written, findings.corrections));
    findings.corrections.push(...corrections);
    parts.push(writeFilter(scope, node, findings));
  }
  return { ...findings, text: parts.length === 2 ? parts.map((part) => `(${part})`).join(" and ") : (parts[0] ?? "") };
}

/** Without the option's name before it, and without a percent-encoding that is done here. */
function plainTextOf(text: string, corrections: string[]): string {
  const bare = text.replace(/^\$filter\s*=\s*/, "");
  if (bare !== text) corrections.push("$filter= → left out");
  if (!bare.includes("%20") || /\s/.test(bare)) return bare;
  corrections.push("%20 → a space");
  try {
    return decodeURIComponent(bare);
  } catch {
    return bare.replaceAll("%20", " ");
  }
}
