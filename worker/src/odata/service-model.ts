export type ODataVersion = "V2" | "V4";

/** What a service says about itself in $metadata, compact and with every name resolved. What is not said is left out. */
export interface ServiceModel {
  readonly odataVersion: ODataVersion;
  readonly entitySets: ReadonlyMap<string, EntitySet>;
  /** Entity types and complex types by qualified name. */
  readonly types: ReadonlyMap<string, StructuredType>;
  /** Enumerations by qualified name. */
  readonly enumTypes: ReadonlyMap<string, EnumType>;
  /**
   * Function imports of V2, functions and actions of V4, by the name under which they are called: the import's, or the
   * qualified one of a bound operation. Further overloads have their binding type, or their parameters, in brackets behind it.
   */
  readonly operations: ReadonlyMap<string, ServiceOperation>;
}

export interface EntitySet {
  readonly name: string;
  readonly type: StructuredType;
  readonly label?: string;
  readonly documentation?: string;
  readonly creatable: boolean;
  /** Whether the set itself can be read, and not only by navigation. */
  readonly addressable: boolean;
  readonly updatable: boolean;
  readonly deletable: boolean;
  readonly searchable: boolean;
  readonly countable: boolean;
  readonly topable: boolean;
  readonly skippable: boolean;
  /** Whether entities may be created together with those they lead to; true unless the service says no. */
  readonly deepInsert: boolean;
  /** Properties without which a list is refused; `requiresFilter` also when no property is named. */
  readonly requiresFilter: boolean;
  readonly requiredFilters: readonly string[];
  /** Properties that can't be used so in this set, besides those that say it themselves: ask `allowsUse`. */
  readonly notFilterable: readonly string[];
  readonly notSortable: readonly string[];
  /** Whether changes need the ETag that was read; some services want it without saying so. */
  readonly etag: boolean;
  /** There when $apply is declared (V4); the transformations where the service lists them. */
  readonly apply?: { readonly transformations: readonly string[] };
  /** V2: rows are summed up over the dimensions that $select leaves out. */
  readonly aggregating?: true;
  readonly draft?: Draft;
  /** Name of the set behind a navigation property, where the service says so. */
  readonly targets: ReadonlyMap<string, string>;
}

/** Changes go to a draft (IsActiveEntity=false), which an action makes active. Find actions by `findOperation` with the set's type. */
export interface Draft {
  /** Only roots are activated; nodes go with their root. */
  readonly kind: "root" | "node";
  readonly activate?: string;
  readonly edit?: string;
  readonly prepare?: string;
  readonly discard?: string;
  readonly create?: string;
}

/** An entity type or a complex type; what it inherits is included. */
export interface StructuredType {
  readonly name: string;
  readonly label?: string;
  /** Qualified names of what it inherits from, nearest first. */
  readonly bases: readonly string[];
  readonly keys: readonly string[];
  readonly properties: ReadonlyMap<string, Property>;
  readonly navigations: ReadonlyMap<string, Navigation>;
  /** Whether entities carry properties that the service does not declare. */
  readonly open: boolean;
}

/** A typed value: a property or a parameter. */
export interface Field {
  readonly name: string;
  /** `Edm.String`, or the qualified name of a complex type or an enumeration. */
  readonly type: string;
  readonly many: boolean;
  readonly nullable: boolean;
  readonly label?: string;
  /** A sentence or more about the meaning. */
  readonly documentation?: string;
  readonly maxLength?: number;
  readonly precision?: number;
  readonly scale?: number;
  /** V2 `Edm.DateTime` of which only the day counts. */
  readonly dateOnly?: true;
  /** SAP keeps it in capital letters only. */
  readonly upperCase?: true;
  readonly valueList?: ValueList;
}

export interface Property extends Field {
  readonly not: readonly PropertyUse[];
  /** Must be given to create; nullable alone does not say so, since SAP has initial values. */
  readonly required?: true;
  readonly default?: string;
  /** Path of the property with the currency or unit of this amount. */
  readonly unit?: string;
  /** Path of the property with the text for this code. */
  readonly text?: string;
  /** What an analytical service does with it. */
  readonly role?: "dimension" | "measure";
}

export type PropertyUse = "creatable" | "updatable" | "filterable" | "sortable";

/** Where the valid values stand: a set of this service, or the path of the service that has it. */
export interface ValueList {
  readonly entitySet?: string;
  /** Property of that set with the value. */
  readonly property?: string;
  readonly path?: string;
  /** The values are few and do not change. */
  readonly fixed?: true;
}

export interface Navigation {
  readonly name: string;
  /** Qualified name of the target type. */
  readonly type: string;
  readonly many: boolean;
  readonly label?: string;
  /** The targets exist only within their parent and are reached only through it. */
  readonly contained?: true;
}

export interface EnumType {
  readonly name: string;
  /** `Edm.Int32` unless the service says otherwise. */
  readonly underlyingType: string;
  /** Whether members can be combined. */
  readonly flags: boolean;
  readonly members: readonly EnumMember[];
}

export interface EnumMember {
  readonly name: string;
  /** Digits, since a member may be beyond 2^53. */
  readonly value: string;
  readonly label?: string;
}

export interface ServiceOperation {
  /** What stands in the URL: the name of the import, or the qualified name of a bound operation. */
  readonly name: string;
  readonly label?: string;
  readonly documentation?: string;
  readonly kind: "function" | "action";
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "MERGE" | "DELETE";
  /** V4: called behind the path of an entity, or of a collection when `many`. */
  readonly boundTo?: { readonly type: string; readonly many: boolean };
  /** V2: qualified name of the entity type whose entities it concerns; the key fields are parameters. */
  readonly actionFor?: string;
  /** Without the binding parameter, in the order of the document. */
  readonly parameters: ReadonlyMap<string, OperationParameter>;
  /** Absent when nothing comes back. */
  readonly returns?: OperationReturn;
}

export interface OperationParameter extends Field {
  /** May be left out of the call. */
  readonly optional?: true;
}

export interface OperationReturn {
  readonly type: string;
  readonly many: boolean;
  readonly nullable: boolean;
  /** Name of the set in which the returned entities are. */
  readonly entitySet?: string;
}

/** Letters of the operations that a set declares: c(reate) r(ead) u(pdate) d(elete). */
export function operationsOf(set: EntitySet): string {
  return `${set.creatable ? "c" : ""}${set.addressable ? "r" : ""}${set.updatable ? "u" : ""}${set.deletable ? "d" : ""}`;
}

/** Whether the service lets a property of a set be used so. */
export function allowsUse(set: EntitySet, property: Property, use: PropertyUse): boolean {
  if (property.not.includes(use)) return false;
  if (use === "filterable") return !set.notFilterable.includes(property.name);
  return use !== "sortable" || !set.notSortable.includes(property.name);
}

/** The operations that can be called on entities of a set, or on the set itself; inherited ones too. */
export function boundOperationsOf(model: ServiceModel, { type }: EntitySet): ServiceOperation[] {
  const names = new Set([type.name, ...type.bases]);
  return [...model.operations.values()].filter((it) => names.has(it.boundTo?.type ?? it.actionFor ?? ""));
}

/** The operation of a name; a bound one also by its last part, and by the type that it is to be bound to. */
export function findOperation(model: ServiceModel, name: string, on?: StructuredType): ServiceOperation | undefined {
  const called = [...model.operations.values()].filter((it) => it.name === name || shortNameOf(it) === name);
  if (on === undefined) return model.operations.get(name) ?? (called.length === 1 ? called[0] : undefined);
  return [on.name, ...on.bases]
    .map((type) => called.find((it) => (it.boundTo?.type ?? it.actionFor) === type))
    .find((it) => it !== undefined);
}

/** The name without its namespace. */
export function shortNameOf({ name }: ServiceOperation): string {
  return name.slice(name.lastIndexOf(".") + 1);
}
