import { resolvePath } from "./resolve-path.ts";
import type { QueryScope } from "./resolve-path.ts";
import type { EntitySet, ServiceModel, StructuredType } from "./service-model.ts";

/** What of an entity is read, and what of the entities that it leads to. */
export interface ExpandNode {
  readonly type: StructuredType | undefined;
  readonly set: EntitySet | undefined;
  /** Fields that are named; `*` stands for all. */
  readonly fields: Set<string>;
  /** Navigation properties that are read too. */
  readonly children: Map<string, ExpandNode>;
  /** Options besides $select and $expand, written and checked. */
  readonly options: Map<string, string>;
  /** Whether it was asked for by itself, and not only as a step of a path in $select. */
  wanted: boolean;
}

export function rootNode({ type, set }: QueryScope): ExpandNode {
  return { type, set, fields: new Set(), children: new Map(), options: new Map(), wanted: true };
}

/** The node behind a path of navigation properties; the nodes on the way are made where they are not there. */
export function reachNode(model: ServiceModel, from: ExpandNode, path: string, wanted: boolean): ExpandNode {
  let node = from;
  for (const step of stepsOf(path)) {
    const { type } = resolvePath({ model, type: node.type, set: node.set }, step, "$expand");
    const known = node.children.get(step);
    const target = node.set?.targets.get(step);
    const set = target === undefined ? undefined : model.entitySets.get(target);
    const next = known ?? rootNode({ model, type: model.types.get(type ?? ""), set });
    next.wanted = wanted;
    node.children.set(step, next);
    node = next;
  }
  return node;
}

/** Adds a path of $select: a field of the node itself, or one behind navigation properties. */
export function selectPath(model: ServiceModel, node: ExpandNode, path: string): void {
  if (path === "*") {
    node.fields.add(path);
    return;
  }
  resolvePath({ model, type: node.type, set: node.set }, path, "$select");
  const steps = stepsOf(path);
  let at = 0;
  let owner = node.type;
  for (; at < steps.length; at += 1) {
    const segments = (steps[at] as string).split("/");
    const holder = segments.length > 1 ? model.types.get(segments[0] as string) : owner;
    const navigation = holder?.navigations.get(segments.at(-1) as string);
    if (navigation === undefined) break;
    owner = model.types.get(navigation.type);
  }
  const behind = reachNode(model, node, steps.slice(0, at).join("/"), false);
  if (at < steps.length) behind.fields.add(steps.slice(at).join("/"));
  else behind.wanted = true;
}

/** The segments of a path, each cast together with what follows it, the last one with what it follows. */
function stepsOf(path: string): string[] {
  const steps: string[] = [];
  let cast = "";
  for (const segment of path.split("/").filter((it) => it !== "")) {
    if (segment.includes(".")) cast = `${segment}/`;
    else {
      steps.push(cast + segment);
      cast = "";
    }
  }
  const last = steps.pop();
  if (last !== undefined) steps.push(cast === "" ? last : `${last}/${cast.slice(0, -1)}`);
  return steps;
}
