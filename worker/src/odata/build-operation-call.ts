import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { checkNames } from "./check-names.ts";
import { describeOperation } from "./choose-operation.ts";
import type { ChosenOperation, OperationArguments } from "./choose-operation.ts";
import { explainCapitals } from "./explain-capitals.ts";
import { isOfDraft } from "./explain-draft.ts";
import { activeFlag, formatEntityPath, withVersion } from "./format-key.ts";
import type { Row } from "./format-key.ts";
import { formatLiteral } from "./format-literal.ts";
import { shortNameOf } from "./service-model.ts";
import type { EntitySet, OperationParameter, ServiceModel, ServiceOperation } from "./service-model.ts";
import { writeValue } from "./write-body.ts";

/** The call of a function or an action as a request. */
export interface OperationCall {
  readonly method: ServiceOperation["method"];
  /** Relative to the service, with the query. */
  readonly path: string;
  readonly body?: Row;
  /** Path of the one entity that it is called on, where that is known. */
  readonly entity?: { readonly path: string; readonly set: EntitySet; readonly key: Row };
  /** What the caller should know of values that are not sent as they were given. */
  readonly warnings: readonly string[];
}

/** Makes the request of a call out of its parameters and of the key of the entity that it is bound to. */
export function buildOperationCall(
  model: ServiceModel,
  { operation, set }: ChosenOperation,
  given: OperationArguments,
): Outcome<OperationCall> {
  const { parameters, key } = sortArguments(model, { operation, set }, given);
  const wrong = checkParameters(model, operation, parameters);
  if (wrong !== undefined) return wrong;
  const place = locateCall(model, { operation, set }, key);
  if (!place.ok) return place;
  const call =
    model.odataVersion === "V2" ? buildV2(model, operation, parameters) : buildV4(model, operation, parameters);
  if (!call.ok) return call;
  const entity = place.value.entity ?? entityOfParameters(model, operation, parameters);
  return succeed({
    method: operation.method,
    path: `${place.value.prefix}${encodeURIComponent(operation.name)}${call.value.suffix}`,
    ...(call.value.body && { body: call.value.body }),
    ...(entity && { entity }),
    warnings: explainCapitals(
      model,
      { properties: operation.parameters, row: parameters },
      ...(set === undefined ? [] : [{ ...set.type, row: key ?? {} }]),
    ),
  });
}

/** Callers mix the key and the parameters up: V2 has the key among the parameters, V4 has it apart. */
function sortArguments(
  model: ServiceModel,
  { operation, set }: ChosenOperation,
  { parameters, key }: OperationArguments,
): OperationArguments {
  const { parameters: declared, boundTo } = operation;
  if (boundTo === undefined) {
    const version = declared.has(activeFlag) ? { [activeFlag]: !isOfDraft(model, operation) } : {};
    return { parameters: { ...version, ...key, ...parameters }, key: undefined };
  }
  if (key !== undefined || boundTo.many) return { parameters, key };
  const isKey = ([name]: [string, unknown]) => set?.type.keys.includes(name) === true && !declared.has(name);
  const fields = Object.entries(parameters);
  return {
    parameters: Object.fromEntries(fields.filter((field) => !isKey(field))),
    key: Object.fromEntries(fields.filter(isKey)),
  };
}

function checkParameters(
  model: ServiceModel,
  operation: ServiceOperation,
  parameters: Row,
): ReturnType<typeof fail> | undefined {
  const guidance = `It is called as ${describeOperation(model, operation)}.`;
  const unknown = checkNames(
    Object.keys(parameters),
    operation.parameters.keys(),
    `a parameter of ${shortNameOf(operation)}`,
  );
  if (unknown !== undefined) return fail("invalid-input", unknown.failure.message, { guidance });
  const missing = [...operation.parameters.values()].filter(
    (it) => parameters[it.name] === undefined && it.optional !== true && !it.nullable,
  );
  if (missing.length === 0) return undefined;
  return fail(
    "invalid-input",
    `${missing.map(({ name }) => name).join(", ")} is missing in the parameters of ${shortNameOf(operation)}.`,
    { guidance },
  );
}

interface CallPlace {
  /** What stands before the operation's name in the path. */
  readonly prefix: string;
  readonly entity?: OperationCall["entity"];
}

function locateCall(
  model: ServiceModel,
  { operation, set }: ChosenOperation,
  key: Row | undefined,
): Outcome<CallPlace> {
  const { boundTo } = operation;
  if (boundTo === undefined || set === undefined) return succeed({ prefix: "" });
  if (boundTo.many) {
    if (key === undefined) return succeed({ prefix: `${encodeURIComponent(set.name)}/` });
    return fail("invalid-input", `${shortNameOf(operation)} is called on all of ${set.name} and has no use for a key.`);
  }
  const versioned = withVersion(set, key ?? {}, !isOfDraft(model, operation));
  const path = formatEntityPath(model, set, versioned);
  return path.ok ? succeed({ prefix: `${path.value}/`, entity: { path: path.value, set, key: versioned } }) : path;
}

/** V2 does not say on which entity an import works; where the parameters hold the key of the set it concerns, it is that one. */
function entityOfParameters(
  model: ServiceModel,
  { method, actionFor, returns }: ServiceOperation,
  parameters: Row,
): OperationCall["entity"] {
  if (model.odataVersion !== "V2" || method === "GET" || returns?.many === true) return undefined;
  const set =
    [...model.entitySets.values()].find(({ type }) => type.name === actionFor) ??
    model.entitySets.get(returns?.entitySet ?? "");
  if (set === undefined || !set.type.keys.every((name) => name in parameters)) return undefined;
  const key = Object.fromEntries(set.type.keys.map((name) => [name, parameters[name]]));
  const path = formatEntityPath(model, set, key);
  return path.ok ? { path: path.value, set, key } : undefined;
}

interface BuiltCall {
  /** What stands behind the operation's name: the parameters in a URL. */
  readonly suffix: string;
  readonly body?: Row;
}

function buildV2(model: ServiceModel, operation: ServiceOperation, parameters: Row): Outcome<BuiltCall> {
  const options: string[] = [];
  for (const [parameter, value] of valuesOf(operation, parameters)) {
    // V2 has no literal for nothing: what is null is left out.
    if (value === null || value === undefined) continue;
    const literal = formatLiteral(model, parameter, value);
    if (!literal.ok) return literal;
    options.push(`${encodeURIComponent(parameter.name)}=${encodeURIComponent(literal.value)}`);
  }
  return succeed({ suffix: options.length === 0 ? "" : `?${options.join("&")}` });
}

function buildV4(model: ServiceModel, operation: ServiceOperation, parameters: Row): Outcome<BuiltCall> {
  return operation.kind === "action"
    ? buildAction(model, operation, parameters)
    : buildFunction(model, operation, parameters);
}

function buildAction(model: ServiceModel, operation: ServiceOperation, parameters: Row): Outcome<BuiltCall> {
  const body: [string, unknown][] = [];
  for (const [parameter, value] of valuesOf(operation, parameters)) {
    if (value === undefined) continue;
    const written = writeValue(model, parameter, value);
    if (!written.ok) return written;
    body.push([parameter.name, written.value]);
  }
  return succeed({ suffix: "", body: Object.fromEntries(body) });
}

/** Values stand in the parentheses; what is no simple value goes as JSON into a query option behind an alias. */
function buildFunction(model: ServiceModel, operation: ServiceOperation, parameters: Row): Outcome<BuiltCall> {
  const parts: string[] = [];
  const aliases: string[] = [];
  for (const [parameter, value] of valuesOf(operation, parameters)) {
    if (value === undefined && parameter.optional === true) continue;
    const name = encodeURIComponent(parameter.name);
    if (value === null || value === undefined) parts.push(`${name}=null`);
    else if (parameter.many || model.types.has(parameter.type)) {
      const written = writeValue(model, parameter, value);
      if (!written.ok) return written;
      parts.push(`${name}=@p${aliases.length}`);
      aliases.push(`@p${aliases.length}=${encodeURIComponent(JSON.stringify(written.value))}`);
    } else {
      const literal = formatLiteral(model, parameter, value);
      if (!literal.ok) return literal;
      parts.push(`${name}=${encodeURIComponent(literal.value)}`);
    }
  }
  return succeed({ suffix: `(${parts.join(",")})${aliases.length === 0 ? "" : `?${aliases.join("&")}`}` });
}

function valuesOf(operation: ServiceOperation, parameters: Row): [OperationParameter, unknown][] {
  return [...operation.parameters.values()].map((parameter) => [parameter, parameters[parameter.name]]);
}
