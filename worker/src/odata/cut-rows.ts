import type { Row } from "./format-key.ts";

export type RowFormat = "rows" | "columns";

/** Rows as a client gets them: objects, or the names of all fields once and then values alone. */
export type WrittenRows = { readonly rows: Row[] } | { readonly columns: string[]; readonly data: unknown[][] };

/** A field that a row does not have is null in columns. */
export function writeRows(rows: readonly Row[], format: RowFormat): WrittenRows {
  if (format === "rows") return { rows: [...rows] };
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return { columns, data: rows.map((row) => columns.map((name) => row[name] ?? null)) };
}

/** Parts rows into pages of at most so many characters of JSON; a row that is longer is a page of its own. */
export function cutRows<T>(rows: readonly T[], format: RowFormat, maxChars: number): T[][] {
  const pages: T[][] = [[]];
  let chars = 0;
  for (const row of rows) {
    const length = JSON.stringify(format === "rows" ? row : Object.values(row as object)).length + 1;
    if (chars > 0 && chars + length > maxChars) {
      pages.push([]);
      chars = 0;
    }
    pages.at(-1)?.push(row);
    chars += length;
  }
  return pages;
}
