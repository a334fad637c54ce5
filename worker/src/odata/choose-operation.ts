import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { suggestNames } from "@sap-mcp/shared/suggest-names.ts";
import type { Row } from "./format-key.ts";
import { findOperation, shortNameOf } from "./service-model.ts";
import type { EntitySet, ServiceModel, ServiceOperation } from "./service-model.ts";

/** An operation, and the set that it is called on when it is bound. */
export interface ChosenOperation {
  readonly operation: ServiceOperation;
  readonly set: EntitySet | undefined;
}

const maxShown = 5;

/** What a caller gives to a call, by which overloads are told apart. */
export interface OperationArguments {
  readonly parameters: Row;
  readonly key: Row | undefined;
}

/** The operation that a caller names, by itself or with the set that it is bound to; the failure names the nearest ones. */
export function chooseOperation(
  model: ServiceModel,
  { name, set, given }: { name: string; set: EntitySet | undefined; given: OperationArguments },
): Outcome<ChosenOperation> {
  const found = findByName(model, name, set);
  if (!found.ok) return found;
  const { operation } = found.value;
  const overloads = [...model.operations.values()].filter(
    (it) => it.name === operation.name && it.boundTo?.type === operation.boundTo?.type,
  );
  const fitting = overloads.length > 1 ? overloads.find((it) => fits(it, found.value.set, given)) : undefined;
  return succeed({ ...found.value, operation: fitting ?? operation });
}

function fits(
  { boundTo, parameters: declared }: ServiceOperation,
  set: EntitySet | undefined,
  { parameters, key }: OperationArguments,
): boolean {
  const isKey = (name: string) => boundTo?.many === false && set?.type.keys.includes(name) === true;
  const hasKey = key !== undefined || set?.type.keys.every((name) => name in parameters) === true;
  return (
    (boundTo === undefined || boundTo.many !== hasKey) &&
    Object.keys(parameters).every((name) => declared.has(name) || isKey(name)) &&
    [...declared.values()].every(({ name, optional }) => optional === true || name in parameters)
  );
}

function findByName(model: ServiceModel, name: string, set: EntitySet | undefined): Outcome<ChosenOperation> {
  const bound = set && findOperation(model, name, set.type);
  if (bound !== undefined) return succeed({ operation: bound, set });
  const candidates = [...model.operations.values()].filter((it) => it.name === name || shortNameOf(it) === name);
  const operation = findOperation(model, name) ?? candidates[0];
  if (operation === undefined) return failUnknown(model, name);
  if (operation.boundTo === undefined) return succeed({ operation, set: undefined });
  const sets = new Set([operation, ...candidates].flatMap((it) => setsOf(model, it)));
  if (set !== undefined) {
    return fail("invalid-input", `${name} can't be called on ${set.name}.`, {
      guidance: `It is called on ${[...sets].map((it) => it.name).join(", ")}.`,
    });
  }
  const [only] = sets;
  if (only !== undefined && sets.size === 1) return succeed({ operation, set: only });
  return fail("invalid-input", `It is not clear on which entity set ${name} is to be called.`, {
    guidance: `Give entityName. There are: ${candidates.map((it) => describeOperation(model, it)).join("; ")}.`,
  });
}

/** `Cancel(Reason: Edm.String) on SalesOrder`, as a caller has to know it. */
export function describeOperation(model: ServiceModel, operation: ServiceOperation): string {
  const parameters = [...operation.parameters.values()].map(
    ({ name, type, many, optional }) =>
      `${name}${optional === true ? "?" : ""}: ${many ? `Collection(${type})` : type}`,
  );
  const sets = operation.boundTo === undefined ? [] : setsOf(model, operation);
  const place = sets.length === 0 ? "" : ` on ${sets.map(({ name }) => name).join(" or ")}`;
  return `${shortNameOf(operation)}(${parameters.join(", ")})${place}`;
}

function setsOf({ entitySets }: ServiceModel, { boundTo }: ServiceOperation): EntitySet[] {
  return [...entitySets.values()].filter(({ type }) => [type.name, ...type.bases].includes(boundTo?.type ?? ""));
}

function failUnknown(model: ServiceModel, name: string): ReturnType<typeof fail> {
  const byName = Map.groupBy(model.operations.values(), shortNameOf);
  const nearest = suggestNames(name.slice(name.lastIndexOf(".") + 1), byName.keys(), maxShown)
    .flatMap((it) => byName.get(it) ?? [])
    .slice(0, maxShown);
  return fail("invalid-input", `The service has no function or action ${name.slice(0, 100)}.`, {
    guidance:
      nearest.length === 0
        ? "It has none at all; use execute-entity-operation."
        : `Nearest: ${nearest.map((it) => describeOperation(model, it)).join("; ")}.`,
  });
}
