import type { Field, Row, Value, Values } from "../model/field.ts";
import type { OperationDefinition } from "../model/service-definition.ts";
import { valueOfLiteral } from "../odata/odata-literal.ts";
import type { ODataLiteral } from "../odata/odata-literal.ts";
import type { PathSegment } from "../odata/resource-path.ts";
import { refuse } from "../odata/sap-error.ts";
import { checkRowAccess, checkSetAccess } from "./access.ts";
import type { SandboxUser } from "./access.ts";
import type { EntitySet } from "./entity-set.ts";
import type { Service } from "./service.ts";

/** The entities of a set, or those that a navigation leads to; a new one inherits the key of its parent. */
export interface CollectionTarget {
  readonly kind: "collection";
  readonly set: EntitySet;
  /** Rows behind a navigation; all of the set when absent. */
  readonly rows: readonly Row[] | undefined;
  readonly inherited: Values;
}

export interface EntityTarget {
  readonly kind: "entity";
  readonly set: EntitySet;
  readonly row: Row;
}

export interface OperationTarget {
  readonly kind: "operation";
  readonly operation: OperationDefinition;
  readonly row: Row | undefined;
  readonly literals: ReadonlyMap<string, ODataLiteral>;
}

export interface PropertyTarget {
  readonly kind: "property";
  readonly set: EntitySet;
  readonly row: Row;
  readonly field: Field;
}

export type Target =
  | CollectionTarget
  | EntityTarget
  | OperationTarget
  | PropertyTarget
  | { readonly kind: "count"; readonly collection: CollectionTarget }
  | { readonly kind: "absent" };

/** What a path names. @throws SapError for what does not exist or what the user may not see. */
export function resolveTarget(service: Service, segments: readonly PathSegment[], user: SandboxUser): Target {
  const [first, ...others] = segments as [PathSegment, ...PathSegment[]];
  const operation = service.imports.get(first.name);
  if (operation !== undefined && others.length === 0)
    return { kind: "operation", operation, row: undefined, literals: first.literals ?? new Map() };
  const set = service.sets.get(first.name);
  if (set === undefined)
    throw refuse("unknown-segment", `Resource not found for the segment '${first.name}'`, first.name);
  let target = enterSet({ kind: "collection", set, rows: undefined, inherited: {} }, first, user);
  for (const segment of others) target = step(target, segment, { service, user });
  return target;
}

function step(
  target: Target,
  segment: PathSegment,
  { service, user }: { service: Service; user: SandboxUser },
): Target {
  if (target.kind === "collection" && segment.name === "$count" && segment.literals === undefined)
    return { kind: "count", collection: target };
  if (target.kind !== "entity")
    throw refuse("unknown-segment", `Resource not found for the segment '${segment.name}'`, segment.name);
  const field = target.set.fields.get(segment.name);
  if (field !== undefined && segment.literals === undefined) return { ...target, kind: "property", field };
  const navigation = target.set.navigations.get(segment.name);
  if (navigation === undefined) return enterOperation(target, segment, service);
  const rows = navigation.follow(target.row);
  const join = Object.entries(navigation.definition.join).map(
    ([here, there]) => [there, target.row.values[here] ?? null] as const,
  );
  const collection: CollectionTarget = {
    kind: "collection",
    set: navigation.target,
    rows,
    inherited: Object.fromEntries(join),
  };
  if (navigation.many) return enterSet(collection, segment, user);
  checkSetAccess(user, navigation.target);
  const [row] = rows;
  // V4 answers with nothing where V2 says that there is nothing.
  if (row === undefined && navigation.target.version === "V4") return { kind: "absent" };
  if (row === undefined) throw notFound(navigation.target);
  return { kind: "entity", set: navigation.target, row };
}

function enterSet(collection: CollectionTarget, { literals }: PathSegment, user: SandboxUser): Target {
  checkSetAccess(user, collection.set);
  if (literals === undefined || literals.size === 0) return collection;
  const { set } = collection;
  const table = set.table();
  const row = table.get(table.keyOf(keyOf(set, literals, collection.inherited)));
  if (row === undefined || (collection.rows !== undefined && !collection.rows.includes(row))) throw notFound(set);
  checkRowAccess(user, set, row);
  return { kind: "entity", set, row };
}

function enterOperation(
  { set, row }: EntityTarget,
  { name, literals }: PathSegment,
  { definition }: Service,
): OperationTarget {
  const plain = name.replace(/^SAP__self\./, "").replace(`${definition.namespace}.`, "");
  const operation =
    plain === name
      ? undefined
      : definition.operations.find((candidate) => candidate.name === plain && candidate.boundTo === set.name);
  if (operation === undefined) throw refuse("unknown-segment", `Resource not found for the segment '${name}'`, name);
  return { kind: "operation", operation, row, literals: literals ?? new Map() };
}

function keyOf(set: EntitySet, literals: ReadonlyMap<string, ODataLiteral>, inherited: Values): Values {
  const { keyFields } = set;
  // Behind a navigation the parent's part of the key may be left out.
  const key: Record<string, Value> = { ...inherited };
  const unnamed = keyFields.length === 1 && literals.size === 1 ? literals.get("") : undefined;
  for (const field of keyFields) {
    const literal = literals.get(field.name) ?? unnamed;
    if (literal !== undefined) key[field.name] = valueOfLiteral(literal, field);
  }
  const isOfKey = (name: string) => keyFields.some((field) => field.name === name) || unnamed !== undefined;
  if (keyFields.every(({ name }) => name in key) && [...literals.keys()].every(isOfKey)) return key;
  const names = keyFields.map(({ name }) => name).join(", ");
  throw refuse("bad-key", `Invalid key predicate for '${set.name}': the key is ${names}`);
}

function notFound(set: EntitySet) {
  const message =
    set.version === "V2"
      ? `Resource not found for segment '${set.typeName}'`
      : `The requested entity of type '${set.typeName}' cannot be accessed. It does not exist.`;
  return refuse("no-entity", message);
}
