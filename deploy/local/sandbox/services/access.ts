import type { Row } from "../model/field.ts";
import type { QueryOptions } from "../odata/query-options.ts";
import { refuse } from "../odata/sap-error.ts";
import type { EntitySet } from "./entity-set.ts";

/** A user of the sandbox and what SAP keeps from them. */
export interface SandboxUser {
  readonly name: string;
  readonly password?: string;
  /** Entity sets that the user may not touch, in whatever service. */
  readonly deniedSets?: readonly string[];
  /** Entity set → field → the values that the user may see, when the set is read by itself. */
  readonly visibleRows?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** @throws SapError (403) when the user may not touch the set, or one that the query expands. */
export function checkSetAccess(user: SandboxUser, set: EntitySet, options?: QueryOptions): void {
  if (user.deniedSets?.includes(set.name) === true) {
    throw refuse("forbidden", `User ${user.name} is not authorized to access entity set '${set.name}'`, set.name);
  }
  for (const [name, nested] of options?.expand ?? []) {
    const target = set.navigations.get(name)?.target;
    if (target !== undefined) checkSetAccess(user, target, nested);
  }
}

/** A test of rows, or undefined when the user sees all rows of the set. */
export function rowFilterOf(user: SandboxUser, set: EntitySet): ((row: Row) => boolean) | undefined {
  const limits = Object.entries(user.visibleRows?.[set.name] ?? {});
  if (limits.length === 0) return undefined;
  return (row) => limits.every(([field, values]) => values.includes(String(row.values[field])));
}

/** @throws SapError (403) when the user may not see this entity. */
export function checkRowAccess(user: SandboxUser, set: EntitySet, row: Row): void {
  if (rowFilterOf(user, set)?.(row) === false)
    throw refuse("forbidden", `User ${user.name} is not authorized to access this entity of '${set.name}'`, set.name);
}
