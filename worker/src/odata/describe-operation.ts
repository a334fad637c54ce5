import { shortNameOf } from "./service-model.ts";
import type { OperationParameter, OperationReturn, ServiceModel, ServiceOperation } from "./service-model.ts";

export interface OperationDescription {
  name: string;
  label?: string;
  kind: "function" | "action";
  on?: "entity" | "collection";
  parameters?: string[];
  returns?: string;
}

/** A function or action in the words in which it is called; what is the rule is left out. */
export function describeOperation(model: ServiceModel, operation: ServiceOperation): OperationDescription {
  const { label, documentation, kind, boundTo, parameters, returns } = operation;
  const meaning = label ?? documentation;
  return {
    name: shortNameOf(operation),
    ...(meaning !== undefined && { label: meaning }),
    kind,
    ...(boundTo !== undefined && { on: boundTo.many ? "collection" : "entity" }),
    ...(parameters.size > 0 && { parameters: [...parameters.values()].map(describeParameter) }),
    ...(returns !== undefined && { returns: describeReturn(model, returns) }),
  };
}

function describeParameter({ name, type, many, maxLength, optional, label }: OperationParameter): string {
  const limit = maxLength === undefined ? "" : `(${maxLength})`;
  const text = `${name}${optional === true ? "?" : ""}: ${collectionOf(`${shortType(type)}${limit}`, many)}`;
  return label === undefined || label === name ? text : `${text} – ${label}`;
}

function describeReturn(model: ServiceModel, { type, many, entitySet }: OperationReturn): string {
  return collectionOf(entitySet ?? nameType(model, type), many);
}

/** A type by the name of its entity set, where only one can be meant; else by the last part of its name. */
export function nameType(model: ServiceModel, type: string): string {
  const [set, another] = [...model.entitySets.values()].filter((it) => it.type.name === type);
  return (another === undefined ? set?.name : undefined) ?? shortType(type);
}

/** The last part of a type's name, which within one service tells enough. */
export function shortType(type: string): string {
  return type.slice(type.lastIndexOf(".") + 1);
}

function collectionOf(type: string, many: boolean): string {
  return many ? `Collection(${type})` : type;
}
