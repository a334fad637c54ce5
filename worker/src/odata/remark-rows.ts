import type { BuiltQuery } from "./build-query.ts";
import { describeCuts } from "./describe-cuts.ts";
import type { Row } from "./format-key.ts";

/** What a caller should know about the rows that a query brought. */
export function remarkRows(
  { warnings, cuts, caseSensitive }: BuiltQuery,
  { rows, total }: { rows: readonly Row[]; total?: number | undefined },
): string[] {
  const isEmpty = rows.length === 0 && (total ?? 0) === 0;
  const [first] = caseSensitive;
  const advice =
    isEmpty && first !== undefined
      ? [
          `Nothing was found, and capital and small letters count in ${caseSensitive.join(" and ")}: add "ignoreCase":true to the condition in filter, or write tolower(${first}) in $filter.`,
        ]
      : [];
  return [...warnings, ...describeCuts(rows, cuts), ...advice];
}
