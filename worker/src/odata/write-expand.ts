import type { ExpandNode } from "./expand-tree.ts";

/** `$select` and `$expand` of a request; empty where there is nothing to say. */
export interface SelectAndExpand {
  readonly select: string;
  readonly expand: string;
}

/** V4 nests the options of what is expanded. */
export function writeExpandV4(node: ExpandNode): SelectAndExpand {
  const expand = [...node.children].map(([name, child]) => {
    const inner = writeExpandV4(child);
    const options = [["$select", inner.select], ["$expand", inner.expand], ...child.options].flatMap(
      ([option, value]) => (value === "" ? [] : [`${option}=${value}`]),
    );
    return options.length === 0 ? name : `${name}(${options.join(";")})`;
  });
  return { select: fieldsOf(node).join(","), expand: expand.join(",") };
}

/** V2 lists paths; what is expanded and not selected does not come back there. */
export function writeExpandV2(root: ExpandNode): SelectAndExpand {
  const expand: string[] = [];
  const select: string[] = [];
  let isNarrow = false;
  const walk = (node: ExpandNode, prefix: string): void => {
    const fields = fieldsOf(node);
    if (fields.length > 0 && fields.join() !== "*") isNarrow = true;
    for (const field of fields) select.push(prefix + field);
    if (fields.length === 0) select.push(prefix === "" ? "*" : prefix.slice(0, -1));
    for (const [name, child] of node.children) {
      expand.push(prefix + name);
      walk(child, `${prefix}${name}/`);
    }
  };
  walk(root, "");
  return { select: isNarrow ? select.join(",") : "", expand: expand.join(",") };
}

/** The fields to be read, none for all. Of a mere step on a path the key is enough. */
function fieldsOf(node: ExpandNode): string[] {
  if (node.fields.has("*")) return ["*"];
  if (node.fields.size > 0) return [...node.fields];
  const isStep = !node.wanted && node.children.size > 0;
  return isStep ? [...(node.type?.keys ?? [])] : [];
}
