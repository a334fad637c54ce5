import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { checkNames } from "./check-names.ts";
import { formatLiteral } from "./format-literal.ts";
import type { EntitySet, Property, ServiceModel } from "./service-model.ts";

export type Row = Record<string, unknown>;

/** The part of the key that tells an active entity from its draft. */
export const activeFlag = "IsActiveEntity";

/**
 * `Set('O''Neil')` or `Set(A='1',B=2)`, percent-encoded; the values must be those of all keys and of nothing else.
 * With drafts, the active entity is meant unless the key says otherwise.
 */
export function formatEntityPath(model: ServiceModel, set: EntitySet, given: Row): Outcome<string> {
  const keys = set.draft === undefined ? given : withVersion(set, given, true);
  const unknown = checkNames(Object.keys(keys), set.type.keys, `a key of ${set.name}`);
  if (unknown !== undefined) return unknown;
  const missing = set.type.keys.filter((name) => keys[name] === undefined);
  if (missing.length > 0) {
    return fail(
      "invalid-input",
      `The key of ${set.name} is not complete: ${missing.join(", ")} is missing in parameters.`,
      {
        guidance: `Give all key fields: ${set.type.keys.map((name) => `${name} (${keyProperty(set, name).type})`).join(", ")}.`,
      },
    );
  }
  const parts: string[] = [];
  for (const name of set.type.keys) {
    const literal = formatLiteral(model, keyProperty(set, name), keys[name]);
    if (!literal.ok) return literal;
    const encoded = encodeURIComponent(literal.value);
    parts.push(set.type.keys.length === 1 ? encoded : `${encodeURIComponent(name)}=${encoded}`);
  }
  return succeed(`${encodeURIComponent(set.name)}(${parts.join(",")})`);
}

/** The row with the version of a draft-enabled entity that is meant where it does not say so itself. */
export function withVersion(set: EntitySet, row: Row, isActive: boolean): Row {
  return set.draft !== undefined && set.type.keys.includes(activeFlag) ? { [activeFlag]: isActive, ...row } : row;
}

/** Parts a row into the fields of the set's key and all others. */
export function splitKey(set: EntitySet, row: Row): { keys: Row; rest: Row } {
  const isKey = ([name]: [string, unknown]) => set.type.keys.includes(name);
  const fields = Object.entries(row);
  return {
    keys: Object.fromEntries(fields.filter(isKey)),
    rest: Object.fromEntries(fields.filter((field) => !isKey(field))),
  };
}

function keyProperty(set: EntitySet, name: string): Pick<Property, "name" | "type"> & Partial<Property> {
  return set.type.properties.get(name) ?? { name, type: "Edm.String" };
}
