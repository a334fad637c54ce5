import { fail } from "@sap-mcp/shared/outcome.ts";
import { nearestNames } from "@sap-mcp/shared/suggest-names.ts";

/** The failure for the first name that is not valid, or undefined; `what` completes "X is not …". */
export function checkNames(
  names: readonly string[],
  valid: Iterable<string>,
  what: string,
): ReturnType<typeof fail> | undefined {
  const known = new Set(valid);
  const wrong = names.find((name) => !known.has(name));
  if (wrong === undefined) return undefined;
  return fail("unknown-property", `${wrong.slice(0, 100)} is not ${what}.`, {
    guidance: nearestNames(wrong, known, "get-entity-schema lists all of them; its query finds some by words."),
  });
}
