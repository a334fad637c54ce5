import type { ExpandNode } from "./expand-tree.ts";
import type { Row } from "./format-key.ts";

/** A navigation property of which `$top` or `$skip` within `$expand` may leave entities out. */
export interface ExpandCut {
  /** Its own name last, those on the way to it before. */
  readonly path: readonly string[];
  readonly top: number;
  readonly skip: number;
}

/** What is cut below a node. */
export function cutsOf(node: ExpandNode, above: readonly string[] = []): ExpandCut[] {
  return [...node.children].flatMap(([step, child]) => {
    // The type of a cast does not come back.
    const path = [...above, step.slice(step.lastIndexOf("/") + 1)];
    const top = Number(child.options.get("$top") ?? Number.POSITIVE_INFINITY);
    const skip = Number(child.options.get("$skip") ?? 0);
    return [...(Number.isFinite(top) || skip > 0 ? [{ path, top, skip }] : []), ...cutsOf(child, path)];
  });
}

/** A sentence for each navigation property of which entities are, or may be, missing in the rows. */
export function describeCuts(rows: readonly Row[], cuts: readonly ExpandCut[]): string[] {
  return cuts.flatMap(({ path, top, skip }) => {
    const name = path.at(-1) as string;
    const holders = path
      .slice(0, -1)
      .reduce<readonly Row[]>((from, step) => from.flatMap((row) => below(row, step)), rows);
    const lists = holders.flatMap((row) => {
      const list = row[name];
      return Array.isArray(list) ? [{ length: list.length, count: row[`${name}@count`] }] : [];
    });
    const cut = lists.filter(({ length, count }) =>
      typeof count === "number" ? length < count : skip > 0 || length === top,
    );
    if (cut.length === 0) return [];
    const where = `${path.join("/")} of ${cut.length} of ${lists.length} entities`;
    const rest = "the rest comes without $top and $skip in $expand, or with operation read and navigation.";
    return cut.some(({ count }) => count === undefined)
      ? [`${where} may be cut by $top or $skip; ${rest}`]
      : [`${where} is cut, and ${name}@count has how many there are; ${rest}`];
  });
}

function below(row: Row, step: string): Row[] {
  const value = row[step];
  const items: unknown[] = Array.isArray(value) ? value : [value];
  return items.filter((it): it is Row => typeof it === "object" && it !== null);
}
