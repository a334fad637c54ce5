import type { ODataVersion } from "./service-model.ts";

export type Attributes = Readonly<Record<string, string>>;

/** What stands in a $metadata document, names as they are written; keys are qualified names. */
export interface Declarations {
  odataVersion: ODataVersion;
  readonly aliases: Map<string, string>;
  readonly types: Map<string, TypeDeclaration>;
  readonly enumTypes: Set<string>;
  /** Underlying types of the type definitions. */
  readonly definitions: Map<string, string>;
  readonly associations: Map<string, Attributes[]>;
  readonly associationSets: AssociationSetDeclaration[];
  readonly entitySets: EntitySetDeclaration[];
  readonly annotations: AnnotationDeclaration[];
}

export interface TypeDeclaration {
  readonly name: string;
  readonly attributes: Attributes;
  readonly keys: string[];
  readonly properties: Attributes[];
  readonly navigations: Attributes[];
}

export interface AssociationSetDeclaration {
  readonly association: string;
  readonly ends: Attributes[];
}

export interface EntitySetDeclaration {
  /** `Namespace.Container/Set`, as annotations name it. */
  readonly path: string;
  readonly attributes: Attributes;
  readonly bindings: Attributes[];
}

/** One simple value of an annotation; `property` when it stands in the annotation's record. */
export interface AnnotationDeclaration {
  readonly target: string;
  readonly term: string;
  readonly property: string;
  readonly value: string;
}
