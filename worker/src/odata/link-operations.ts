import type { Attributes, OperationDeclaration } from "./declarations.ts";
import { describe, linkField, resolveReference } from "./link-field.ts";
import type { Source } from "./link-field.ts";
import { resolveAlias } from "./read-annotations.ts";
import type { OperationParameter, OperationReturn, ServiceOperation } from "./service-model.ts";

const methods = ["GET", "POST", "PUT", "PATCH", "MERGE", "DELETE"] as const;

/** What can be called: function imports of V2; of V4 the imports, and what is bound to entities. */
export function linkOperations(source: Source): Map<string, ServiceOperation> {
  const { found } = source;
  const operations = new Map<string, ServiceOperation>();
  const add = (operation: ServiceOperation) => operations.set(freeKey(operations, operation), operation);
  const unbound = new Map<string, OperationDeclaration[]>();
  for (const declaration of found.operations) {
    if (declaration.element.endsWith("Import")) continue;
    if (declaration.attributes.get("IsBound") === "true") add(linkBound(source, declaration));
    else unbound.set(declaration.path, [...(unbound.get(declaration.path) ?? []), declaration]);
  }
  for (const declaration of found.operations) {
    if (!declaration.element.endsWith("Import")) continue;
    const { attributes } = declaration;
    const called = attributes.get("Function") ?? attributes.get("Action");
    if (called === undefined) add(linkFunctionImport(source, declaration));
    for (const overload of unbound.get(resolveAlias(found.aliases, called ?? "")) ?? [])
      add(linkCallable(source, overload, { name: attributes.get("Name") ?? "", set: attributes.get("EntitySet") }));
  }
  return operations;
}

/** Overloads of a bound operation differ by what they are bound to, those of a function by its parameters. */
function freeKey(operations: ReadonlyMap<string, ServiceOperation>, operation: ServiceOperation): string {
  const { name, boundTo, parameters } = operation;
  const byType =
    boundTo === undefined ? name : `${name}(${boundTo.many ? `Collection(${boundTo.type})` : boundTo.type})`;
  const candidates = [name, byType, `${name}(${[...parameters.keys()].join(",")})`];
  return candidates.find((key) => !operations.has(key)) ?? `${name}#${operations.size}`;
}

function linkBound(source: Source, declaration: OperationDeclaration): ServiceOperation {
  const [binding, ...parameters] = declaration.parameters;
  const boundTo = resolveReference(source.found, binding?.get("Type") ?? "");
  return { ...linkCallable(source, { ...declaration, parameters }, { name: declaration.path, boundTo }), boundTo };
}

interface Call {
  readonly name: string;
  readonly set?: string | undefined;
  readonly boundTo?: { readonly type: string; readonly many: boolean };
}

/** A V4 function or action. */
function linkCallable(
  source: Source,
  declaration: OperationDeclaration,
  { name, set, boundTo }: Call,
): ServiceOperation {
  const { annotations } = source;
  const isAction = declaration.element === "Action";
  const { path, target } = declaration;
  const overload = boundTo?.many === true ? `Collection(${boundTo.type})` : boundTo?.type;
  const paths = [target, ...(overload === undefined ? [] : [`${path}(${overload})`]), path];
  const parameters = declaration.parameters.map((attributes): OperationParameter => {
    const says = annotations.about(...paths.map((it) => `${it}/${attributes.get("Name")}`));
    const field = linkField(source, attributes, says);
    const isOptional = (isAction && field.nullable) || says?.valueOf("Core.OptionalParameter") !== undefined;
    return { ...field, ...(isOptional && { optional: true }) };
  });
  const returns = linkReturn(source, declaration.returns, set);
  return {
    name,
    ...describe(undefined, annotations.about(...paths)),
    kind: isAction ? "action" : "function",
    method: isAction ? "POST" : "GET",
    parameters: new Map(parameters.map((it) => [it.name, it])),
    ...(returns && { returns }),
  };
}

/** V2, where an import says all; a parameter may be left out only where it is called nullable. */
function linkFunctionImport(source: Source, declaration: OperationDeclaration): ServiceOperation {
  const { path, target, attributes } = declaration;
  const paths = [target, path];
  const written = [...attributes].find(([name]) => name.endsWith(":HttpMethod"))?.[1];
  const method = methods.find((it) => it === written?.toUpperCase()) ?? "GET";
  const parameters = declaration.parameters
    .filter((it) => it.get("Mode") !== "Out")
    .map((it): OperationParameter => {
      const says = source.annotations.about(...paths.map((one) => `${one}/${it.get("Name")}`));
      const field = linkField(source, it, says);
      const isNullable = it.get("Nullable") === "true";
      return { ...field, nullable: isNullable, ...(isNullable && { optional: true }) };
    });
  const actionFor = attributes.get("sap:action-for");
  const returns = linkReturn(
    source,
    declaration.returns ?? new Map([...attributes, ["Type", attributes.get("ReturnType") ?? ""]]),
    undefined,
  );
  return {
    name: attributes.get("Name") ?? "",
    ...describe(attributes, source.annotations.about(...paths)),
    kind: method === "GET" ? "function" : "action",
    method,
    ...(actionFor !== undefined && { actionFor: resolveAlias(source.found.aliases, actionFor) }),
    parameters: new Map(parameters.map((it) => [it.name, it])),
    ...(returns && { returns }),
  };
}

function linkReturn(
  { found }: Source,
  attributes: Attributes | undefined,
  set: string | undefined,
): OperationReturn | undefined {
  const reference = attributes?.get("Type") ?? "";
  if (attributes === undefined || reference === "") return undefined;
  const { type, many } = resolveReference(found, reference);
  const entitySet = set ?? attributes.get("EntitySet");
  return {
    type: found.definitions.get(type) ?? type,
    many,
    nullable: attributes.get("Nullable") !== "false",
    ...(entitySet !== undefined && { entitySet: entitySet.slice(entitySet.lastIndexOf("/") + 1) }),
  };
}
