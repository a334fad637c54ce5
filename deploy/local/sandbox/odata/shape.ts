import type { Field, Row } from "../model/field.ts";
import { refuse } from "./sap-error.ts";

/** What a query can be held against: an entity type, or the result of an aggregation. */
export interface Shape {
  readonly typeName: string;
  readonly fields: ReadonlyMap<string, Field>;
  readonly navigations: ReadonlyMap<string, Navigation>;
}

export interface Navigation {
  readonly name: string;
  readonly many: boolean;
  readonly target: Shape;
  readonly follow: (row: Row) => readonly Row[];
}

export function fieldOf(shape: Shape, name: string): Field {
  const field = shape.fields.get(name);
  if (field === undefined)
    throw refuse("unknown-property", `Property '${name}' not found in type '${shape.typeName}'`, name);
  return field;
}

export function navigationOf(shape: Shape, name: string): Navigation {
  const navigation = shape.navigations.get(name);
  if (navigation === undefined) {
    throw refuse("unknown-property", `Navigation property '${name}' not found in type '${shape.typeName}'`, name);
  }
  return navigation;
}
