import { cutRows } from "./cut-rows.ts";

/** As many rows, or other values, as fit into so many characters of JSON, and a sentence where that is not all of them. */
export function fitRows<T>(rows: T[], maxChars: number): { rows: T[]; chars: number; warning: string | undefined } {
  const first = maxChars > 0 ? (cutRows(rows, "rows", maxChars)[0] ?? []) : [];
  const chars = JSON.stringify(first).length;
  if (first.length === rows.length) return { rows, chars, warning: undefined };
  const warning = `Only ${first.length} of ${rows.length} rows fit into the answer; ask for less, or for the rest by itself.`;
  return { rows: first, chars, warning };
}
