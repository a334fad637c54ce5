import { compileFilter } from "./compile-filter.ts";
import { reachNode, selectPath } from "./expand-tree.ts";
import type { ExpandNode } from "./expand-tree.ts";
import { formatOrderby } from "./format-orderby.ts";
import { refuseQuery } from "./refused-query.ts";
import type { ServiceModel } from "./service-model.ts";
import { splitOutsideParentheses } from "./split-list.ts";

const maxDepth = 20;

export interface ExpandReader {
  readonly model: ServiceModel;
  readonly corrections: string[];
  readonly doubts: Set<string>;
}

/** Reads `Items($select=Id;$expand=Product),Customer` or `Items,Items/Product`; either form does for either version. */
export function parseExpand(reader: ExpandReader, node: ExpandNode, text: string | undefined, depth = 0): void {
  if (depth > maxDepth) refuseQuery(`$expand is nested more than ${maxDepth} levels deep.`);
  const items = splitOutsideParentheses(text ?? "");
  if (items === undefined) return refuseQuery("$expand has a parenthesis or a quote that is not closed.");
  for (const item of items) {
    const [, path = "", options = ""] = /^([^()\s]+)\s*(?:\((.*)\))?$/s.exec(item) ?? [];
    if (path === "") refuseQuery(`$expand has a part that can't be read: ${item.slice(0, 80)}.`, form);
    const child = reachNode(reader.model, node, path, true);
    const parts =
      splitOutsideParentheses(options, ";") ?? refuseQuery(`$expand can't be read: ${item.slice(0, 80)}.`, form);
    for (const option of parts) readOption(reader, child, { option, depth });
    // Where a part is asked for, SAP is asked how much there is.
    const isPart = child.options.has("$top") || child.options.has("$skip");
    if (isPart && !child.options.has("$count") && child.set?.countable !== false) child.options.set("$count", "true");
  }
}

const form = "Write Items($select=Id,Amount;$filter=Amount gt 5;$orderby=Amount desc;$top=5;$expand=Product),Customer.";

function readOption(
  reader: ExpandReader,
  node: ExpandNode,
  { option, depth }: { option: string; depth: number },
): void {
  const { model, corrections, doubts } = reader;
  const equals = option.indexOf("=");
  const name = `$${option.slice(0, Math.max(equals, 0)).trim().replace(/^\$/, "").toLowerCase()}`;
  const value = option.slice(equals + 1).trim();
  const scope = { model, type: node.type, set: node.set };
  if (name === "$select") {
    for (const path of value.split(",")) if (path.trim() !== "") selectPath(model, node, path.trim());
  } else if (name === "$expand") {
    parseExpand(reader, node, value, depth + 1);
  } else if (model.odataVersion === "V2") {
    refuseQuery(
      `OData V2 has no ${name} within $expand.`,
      "Read the expanded entities by themselves: operation read with their parent's key in parameters, and navigation.",
    );
  } else if (name === "$filter") {
    const filter = compileFilter(scope, { text: value });
    corrections.push(...filter.corrections);
    for (const doubt of filter.doubts) doubts.add(doubt);
    node.options.set(name, filter.text);
  } else if (name === "$orderby") node.options.set(name, formatOrderby(scope, value));
  else if (/^\$(top|skip)$/.test(name) && /^\d{1,9}$/.test(value)) node.options.set(name, value);
  else if (name === "$levels" && /^(max|\d{1,3})$/.test(value)) node.options.set(name, value);
  else if (name === "$count" && /^(true|false)$/.test(value)) node.options.set(name, value);
  else if (name === "$search" && value !== "" && splitOutsideParentheses(value, ";")?.length === 1)
    node.options.set(name, value);
  else refuseQuery(`$expand has an option that can't be read: ${option.slice(0, 80)}.`, form);
}
