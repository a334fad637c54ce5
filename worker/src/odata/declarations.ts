import type { ODataVersion } from "./service-model.ts";

/** The attributes of an element. No record, since elements differ much in what they have, which makes objects slow. */
export type Attributes = Pick<ReadonlyMap<string, string>, "get" | "has"> & Iterable<[string, string]>;

/** What stands in a $metadata document, names as they are written; keys are qualified names. */
export interface Declarations {
  odataVersion: ODataVersion;
  readonly aliases: Map<string, string>;
  readonly types: Map<string, TypeDeclaration>;
  readonly enumTypes: Map<string, EnumDeclaration>;
  /** Underlying types of the type definitions. */
  readonly definitions: Map<string, string>;
  readonly associations: Map<string, Attributes[]>;
  readonly associationSets: AssociationSetDeclaration[];
  readonly entitySets: EntitySetDeclaration[];
  /** Imports, functions and actions, bound or not, in the order of the document. */
  readonly operations: OperationDeclaration[];
  readonly annotations: AnnotationDeclaration[];
}

export interface TypeDeclaration {
  readonly name: string;
  readonly attributes: Attributes;
  readonly keys: string[];
  readonly properties: Attributes[];
  readonly navigations: Attributes[];
}

export interface EnumDeclaration {
  readonly attributes: Attributes;
  readonly members: Attributes[];
}

export interface AssociationSetDeclaration {
  readonly association: string;
  readonly ends: Attributes[];
}

export interface EntitySetDeclaration {
  /** `Namespace.Container`, for what is annotated there for all its sets. */
  readonly container: string;
  /** `Namespace.Container/Set`, as annotations name it. */
  readonly path: string;
  readonly attributes: Attributes;
  readonly bindings: Attributes[];
}

export interface OperationDeclaration {
  readonly element: string;
  /** `Namespace.Container/Import` or the qualified name of a function or action. */
  readonly path: string;
  /** What annotations inside the element speak of; overloads have the same path. */
  readonly target: string;
  readonly attributes: Attributes;
  readonly parameters: Attributes[];
  returns: Attributes | undefined;
}

/** A simple value as its text, a path as written, a collection or a record. */
export type AnnotationValue = string | readonly AnnotationValue[] | AnnotationRecord;

export type AnnotationRecord = ReadonlyMap<string, AnnotationValue>;

export interface AnnotationDeclaration {
  readonly target: string;
  readonly term: string;
  value: AnnotationValue;
}
