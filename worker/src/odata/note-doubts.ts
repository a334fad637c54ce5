import { describeValues } from "./describe-field.ts";
import type { FilterNode, LiteralNode } from "./filter-tree.ts";
import { resolvePath } from "./resolve-path.ts";
import type { PathTarget, QueryScope } from "./resolve-path.ts";
import type { ServiceModel } from "./service-model.ts";
import type { FilterFindings } from "./write-filter.ts";

const maxQuoted = 400;

interface Noter extends FilterFindings {
  readonly scope: QueryScope;
}

/** Notes what is compared with a field and is longer than it. */
export function noteDoubts({ scope, doubts }: Noter, operands: readonly FilterNode[]): void {
  const field = operands.map((it) => fieldOf(scope, it)).find((it) => it !== undefined);
  if (field === undefined) return;
  for (const literal of operands) {
    const doubt = literal.kind === "literal" ? doubtValue(scope.model, field, literal) : undefined;
    if (doubt !== undefined) doubts.add(doubt);
  }
}

/** Notes besides in which fields a text is searched with its capital and small letters. */
export function noteSearch(noter: Noter, operands: readonly FilterNode[]): void {
  noteDoubts(noter, operands);
  if (!operands.some(hasLetters)) return;
  for (const node of operands) {
    if (node.kind !== "path") continue;
    const { property } = resolvePath(noter.scope, node.path, "filter");
    if (property !== undefined && property.upperCase !== true) noter.caseSensitive.add(node.path);
  }
}

function hasLetters(node: FilterNode): boolean {
  return node.kind === "literal" && typeof node.value === "string" && /\p{L}/u.test(node.value);
}

/** The property that stands in an operand, in capital or small letters or as it is. */
function fieldOf(scope: QueryScope, node: FilterNode | undefined): PathTarget | undefined {
  if (node?.kind === "group") return fieldOf(scope, node.operand);
  if (node?.kind === "call" && /^(tolower|toupper|trim)$/i.test(node.name)) return fieldOf(scope, node.args[0]);
  return node?.kind === "path" ? resolvePath(scope, node.path, "filter") : undefined;
}

/** No row has a value that is longer than its field. Mostly it is the text of a code, so what the codes mean is told too. */
function doubtValue(model: ServiceModel, { path, property }: PathTarget, { value }: LiteralNode): string | undefined {
  const { type, maxLength } = property ?? {};
  const text = typeof value === "string" || typeof value === "number" ? String(value).trimEnd() : "";
  if (property === undefined || type !== "Edm.String" || maxLength === undefined || text.length <= maxLength)
    return undefined;
  const values = describeValues(model, property);
  const meanings = [
    property.documentation?.slice(0, maxQuoted),
    values && `Its values: ${values}.`,
    property.text && `Its text stands in ${property.text}.`,
  ];
  return [
    `No row has ${JSON.stringify(text.slice(0, 60))} in ${path}, which holds ${maxLength} ${maxLength === 1 ? "character" : "characters"} at most.`,
    ...meanings.filter((it) => it !== undefined),
  ].join(" ");
}
