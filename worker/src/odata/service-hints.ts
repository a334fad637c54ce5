import { z } from "zod";
import type { Service } from "./service-directory.ts";
import { parseServicePattern } from "./service-pattern.ts";

/** A note of this site on the services whose id, name or URL path a pattern matches, or on one of their entity sets. */
export interface ServiceHint {
  readonly pattern: RegExp;
  readonly note: string;
  readonly entitySet?: string;
}

const hintsSchema = z.array(
  z.strictObject({
    pattern: z.string().min(1),
    note: z.string().min(1).max(2_000),
    entitySet: z.string().min(1).optional(),
  }),
);

/** Hints from JSON: `[{ "pattern": "API_SALES*", "note": "…", "entitySet": "A_SalesOrder" }]`. A string says what is wrong. */
export function parseHints(json: string): ServiceHint[] | string {
  let given: unknown;
  try {
    given = JSON.parse(json);
  } catch (error) {
    return `is not JSON (${error instanceof Error ? error.message : String(error)})`;
  }
  const parsed = hintsSchema.safeParse(given);
  if (!parsed.success) return z.prettifyError(parsed.error);
  const hints: ServiceHint[] = [];
  for (const { pattern: text, note, entitySet } of parsed.data) {
    const pattern = parseServicePattern(text);
    if (typeof pattern === "string") return `${text} ${pattern}`;
    hints.push({ pattern, note, ...(entitySet !== undefined && { entitySet }) });
  }
  return hints;
}

/** The notes on a service, or on one of its sets; the latter are not repeated for the service as a whole. */
export function hintsFor(hints: readonly ServiceHint[], service: Service, entitySet?: string): string[] {
  const names = [service.id, service.technicalName, service.path];
  return hints
    .filter((hint) => names.some((name) => hint.pattern.test(name)))
    .filter((hint) => entitySet === undefined || hint.entitySet === undefined || hint.entitySet === entitySet)
    .map((hint) =>
      entitySet === undefined && hint.entitySet !== undefined ? `${hint.entitySet}: ${hint.note}` : hint.note,
    );
}
