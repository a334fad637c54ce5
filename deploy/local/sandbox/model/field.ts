/** What a field holds, apart from how V2 or V4 writes it. */
export type FieldKind = "string" | "guid" | "decimal" | "int32" | "int64" | "boolean" | "date" | "time" | "timestamp";

/**
 * A stored value: decimal as its digits, date as `2026-01-31`, time as `12:30:00`, timestamp as ms since 1970,
 * guid in lower case, int64 as bigint.
 */
export type Value = string | number | bigint | boolean | null;

export type Values = Readonly<Record<string, Value>>;

/** One stored entity. Rows are never changed in place: a write puts a new one in the old one's stead. */
export interface Row {
  readonly values: Values;
  /** Time and number of the last change, from which the ETag is made. */
  readonly stamp: string;
}

export interface Field {
  readonly name: string;
  readonly kind: FieldKind;
  readonly label: string;
  readonly maxLength?: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly nullable?: boolean;
  readonly quickinfo?: string;
  readonly upperCase?: boolean;
  /** The field that holds this one's currency or unit of measure. */
  readonly unit?: string;
  /** The field that says this code in words. */
  readonly text?: string;
  readonly semantics?: "currency-code" | "unit-of-measure";
  readonly creatable?: boolean;
  readonly updatable?: boolean;
  readonly filterable?: boolean;
  readonly sortable?: boolean;
  /** Must be given when an entity is created. */
  readonly mandatory?: boolean;
}

export type FieldTraits = Omit<Field, "name" | "kind" | "label">;

export function defineField(name: string, kind: FieldKind, label: string, traits: FieldTraits = {}): Field {
  return { name, kind, label, ...traits };
}

export function defineText(name: string, maxLength: number, label: string, traits: FieldTraits = {}): Field {
  return { name, kind: "string", label, maxLength, ...traits };
}

export function defineDecimal(
  name: string,
  [precision, scale]: readonly [number, number],
  label: string,
  traits: FieldTraits = {},
): Field {
  return { name, kind: "decimal", label, precision, scale, ...traits };
}

/** A field that SAP fills in by itself. */
export const computed = { creatable: false, updatable: false } as const satisfies FieldTraits;

/** A field that stays as it was created. */
export const fixed = { updatable: false } as const satisfies FieldTraits;
