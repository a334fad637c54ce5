export type ODataVersion = "V2" | "V4";

/** What a service says about itself in $metadata, compact and with every name resolved. */
export interface ServiceModel {
  readonly odataVersion: ODataVersion;
  readonly entitySets: ReadonlyMap<string, EntitySet>;
  /** Entity types and complex types by qualified name. */
  readonly types: ReadonlyMap<string, StructuredType>;
  /** Qualified names of the enumerations. */
  readonly enumTypes: ReadonlySet<string>;
}

export interface EntitySet {
  readonly name: string;
  readonly type: StructuredType;
  readonly label?: string;
  readonly creatable: boolean;
  /** Whether the set itself can be read, and not only by navigation. */
  readonly addressable: boolean;
  readonly updatable: boolean;
  readonly deletable: boolean;
  readonly searchable: boolean;
  readonly countable: boolean;
  /** Name of the set behind a navigation property, where the service says so. */
  readonly targets: ReadonlyMap<string, string>;
}

/** An entity type or a complex type; what it inherits is included. */
export interface StructuredType {
  readonly name: string;
  readonly label?: string;
  readonly keys: readonly string[];
  readonly properties: ReadonlyMap<string, Property>;
  readonly navigations: ReadonlyMap<string, Navigation>;
  /** Whether entities carry properties that the service does not declare. */
  readonly open: boolean;
}

export interface Property {
  readonly name: string;
  /** `Edm.String`, or the qualified name of a complex type or an enumeration. */
  readonly type: string;
  readonly many: boolean;
  readonly nullable: boolean;
  readonly label?: string;
  readonly maxLength?: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly not: readonly PropertyUse[];
}

export type PropertyUse = "creatable" | "updatable" | "filterable" | "sortable";

export interface Navigation {
  readonly name: string;
  /** Qualified name of the target type. */
  readonly type: string;
  readonly many: boolean;
}

/** Letters of the operations that a set declares: c(reate) r(ead) u(pdate) d(elete). */
export function operationsOf(set: EntitySet): string {
  return `${set.creatable ? "c" : ""}${set.addressable ? "r" : ""}${set.updatable ? "u" : ""}${set.deletable ? "d" : ""}`;
}
