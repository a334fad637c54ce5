import type { Field, Row, Value, Values } from "../model/field.ts";
import type { OperationDefinition, OperationResult } from "../model/service-definition.ts";
import { decodeValue } from "../odata/decode-value.ts";
import { scanLiteral, valueOfLiteral } from "../odata/odata-literal.ts";
import type { ODataAnswer, ODataRequest } from "../odata/odata-message.ts";
import { readOptions } from "../odata/read-options.ts";
import { refuse } from "../odata/sap-error.ts";
import type { Shape } from "../odata/shape.ts";
import { answerComplex, answerEntity, answerList, versionHeader } from "../odata/write-answer.ts";
import { canonicalPath } from "../odata/write-entity.ts";
import { checkSetAccess } from "./access.ts";
import { checkPrecondition, readPayload } from "./change-target.ts";
import type { EntitySet } from "./entity-set.ts";
import type { WriteCall } from "./call-context.ts";
import type { OperationTarget } from "./resolve-target.ts";

/** Calls a function import of V2, or a function or an action of V4. */
export function callOperation(target: OperationTarget, request: ODataRequest, context: WriteCall): ODataAnswer {
  const { operation, row } = target;
  const method = request.method === "HEAD" ? "GET" : request.method;
  if (method !== operation.method)
    throw refuse(
      "method-not-allowed",
      `Method ${request.method} is not allowed for '${operation.name}': use ${operation.method}`,
    );
  const resultSet =
    operation.returns !== undefined && "set" in operation.returns
      ? context.service.sets.get(operation.returns.set)
      : undefined;
  if (resultSet !== undefined) checkSetAccess(context.user, resultSet);
  const parameters =
    context.form.version === "V2"
      ? parametersOfQuery(operation, request.query)
      : parametersV4(target, request, context);
  if (row !== undefined && operation.method === "POST") checkPrecondition(request, row, context, false);
  const { database } = context.service;
  const result = database.transact(() => operation.run({ database, parameters, row }));
  if (operation.method === "POST") {
    const key = resultSet !== undefined && isRow(result) ? canonicalPath(result, resultSet) : undefined;
    context.onWrite({
      method: "POST",
      service: context.service.definition.id,
      path: request.path,
      key,
      headers: request.headers,
    });
  }
  return answerWith(result, operation, { context, resultSet });
}

function parametersOfQuery({ parameters }: OperationDefinition, query: string): Values {
  const options = readOptions(query, [
    "$format",
    "$top",
    "$skip",
    "$filter",
    "$select",
    "$expand",
    "$orderby",
    "$inlinecount",
  ]);
  return collect(parameters, (field) => {
    const text = options.get(field.name);
    return text === undefined ? undefined : valueOfText(text, field, "V2");
  });
}

function parametersV4(
  { operation, literals }: OperationTarget,
  request: ODataRequest,
  { form: answerForm }: WriteCall,
): Values {
  const unknown = (names: Iterable<string>) =>
    [...names].find((name) => !operation.parameters.some((field) => field.name === name));
  if (operation.method === "GET") {
    const wrong = unknown(literals.keys());
    if (wrong !== undefined)
      throw refuse("unknown-property", `Parameter '${wrong}' not found in '${operation.name}'`, wrong);
    return collect(operation.parameters, (field) => {
      const literal = literals.get(field.name);
      return literal === undefined ? undefined : valueOfLiteral(literal, field);
    });
  }
  if (operation.parameters.length === 0 && request.body.trim() === "") return {};
  const { json, form } = readPayload(request, answerForm);
  const wrong = unknown(Object.keys(json));
  if (wrong !== undefined)
    throw refuse("unknown-property", `Parameter '${wrong}' not found in '${operation.name}'`, wrong);
  return collect(operation.parameters, (field) => {
    const value = json[field.name];
    return value === undefined ? undefined : decodeValue(value, field, form);
  });
}

function collect(parameters: readonly Field[], read: (field: Field) => Value | undefined): Values {
  const values: Record<string, Value> = {};
  for (const field of parameters) {
    const value = read(field);
    if (value === undefined && field.nullable !== true)
      throw refuse("bad-value", `Mandatory parameter '${field.name}' is missing`, field.name);
    values[field.name] = value ?? null;
  }
  return values;
}

function valueOfText(text: string, field: Field, version: "V2" | "V4"): Value {
  const found = scanLiteral(text, 0, version);
  if (found === undefined || found.end < text.length)
    throw refuse("bad-value", `Invalid value '${text}' for parameter '${field.name}'`, field.name);
  return valueOfLiteral(found.literal, field);
}

interface ResultContext {
  readonly context: WriteCall;
  readonly resultSet: EntitySet | undefined;
}

function answerWith(
  result: OperationResult,
  operation: OperationDefinition,
  { context, resultSet }: ResultContext,
): ODataAnswer {
  const { form, service } = context;
  const { returns } = operation;
  if (result === undefined || returns === undefined) return { status: 204, headers: versionHeader(form), body: "" };
  if (resultSet !== undefined) {
    if (isRow(result)) return answerEntity(resultSet, result, { context: form });
    const rows = result as readonly Row[];
    return answerList({ set: resultSet, shape: resultSet, rows, count: undefined, next: undefined }, { context: form });
  }
  const type = service.definition.complexTypes.find(
    ({ name }) => "complexType" in returns && returns.complexType === name,
  );
  const shape: Shape = {
    typeName: `${service.definition.namespace}.${type?.name ?? ""}`,
    fields: new Map(type?.fields.map((field) => [field.name, field])),
    navigations: new Map(),
  };
  return answerComplex({ values: result as Values, stamp: "" }, shape, { context: form, name: operation.name });
}

function isRow(result: OperationResult): result is Row {
  return typeof result === "object" && "stamp" in result && typeof result["stamp"] === "string" && "values" in result;
}
