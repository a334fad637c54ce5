import type { Attributes, Declarations, EntitySetDeclaration, TypeDeclaration } from "./declarations.ts";

/** An element that is open. */
interface Frame {
  readonly name: string;
  /** What an annotation inside this element speaks of. */
  readonly target?: string;
  /** What the annotation that this element belongs to speaks of, and its term. */
  readonly subject?: string;
  readonly term?: string;
  readonly property?: string;
}

type Opener = (attributes: Attributes, parent: Frame | undefined) => Omit<Frame, "name"> | void;

/** Takes the elements of a document in order, by local names; SAP's own attributes must begin with `sap:`. */
export function collectDeclarations() {
  const found: Declarations = {
    odataVersion: "V2",
    aliases: new Map(),
    types: new Map(),
    enumTypes: new Set(),
    definitions: new Map(),
    associations: new Map(),
    associationSets: [],
    entitySets: [],
    annotations: [],
  };
  const frames: Frame[] = [];
  let namespace = "";
  let container = "";
  let type: TypeDeclaration | undefined;
  let entitySet: EntitySetDeclaration | undefined;
  let ends: Attributes[] = [];
  let text = "";

  const openers: Readonly<Record<string, Opener>> = {
    Edmx: ({ Version = "" }) => {
      found.odataVersion = Version.startsWith("4") ? "V4" : "V2";
    },
    Include: ({ Alias, Namespace = "" }) => {
      if (Alias !== undefined) found.aliases.set(Alias, Namespace);
    },
    Schema: ({ Alias, Namespace = "" }) => {
      namespace = Namespace;
      if (Alias !== undefined) found.aliases.set(Alias, Namespace);
    },
    EntityType: openType,
    ComplexType: openType,
    PropertyRef: ({ Name = "" }, parent) => {
      if (parent?.name === "Key") type?.keys.push(Name);
    },
    Property: (attributes, parent) => {
      if (type === undefined || parent?.target !== type.name) return;
      type.properties.push(attributes);
      return { target: `${type.name}/${attributes["Name"]}` };
    },
    NavigationProperty: (attributes) => {
      type?.navigations.push(attributes);
    },
    EnumType: ({ Name }) => {
      found.enumTypes.add(`${namespace}.${Name}`);
    },
    TypeDefinition: ({ Name, UnderlyingType = "Edm.String" }) => {
      found.definitions.set(`${namespace}.${Name}`, UnderlyingType);
    },
    Association: ({ Name }) => {
      ends = [];
      found.associations.set(`${namespace}.${Name}`, ends);
    },
    AssociationSet: ({ Association = "" }) => {
      ends = [];
      found.associationSets.push({ association: Association, ends });
    },
    End: (attributes) => {
      ends.push(attributes);
    },
    EntityContainer: ({ Name }) => {
      container = `${namespace}.${Name}`;
      return { target: container };
    },
    EntitySet: (attributes) => {
      entitySet = { path: `${container}/${attributes["Name"]}`, attributes, bindings: [] };
      found.entitySets.push(entitySet);
      return { target: entitySet.path };
    },
    NavigationPropertyBinding: (attributes, parent) => {
      if (parent?.name === "EntitySet") entitySet?.bindings.push(attributes);
    },
    Annotations: ({ Target = "" }) => ({ target: Target }),
    Annotation: ({ Term = "", String: string, Bool }, parent) => {
      if (parent?.target === undefined) return;
      const frame = { subject: parent.target, term: Term };
      keepValue(frame, string ?? Bool);
      return frame;
    },
    // Only the record of the annotation itself, and the values that stand in it directly.
    Record: (_attributes, parent) => (parent?.name === "Annotation" ? inherit(parent) : undefined),
    PropertyValue: ({ Property = "", String: string, Bool }, parent) => {
      if (parent?.name !== "Record" || parent.term === undefined) return;
      const frame = { ...inherit(parent), property: Property };
      keepValue(frame, string ?? Bool);
      return frame;
    },
    String: openValue,
    Bool: openValue,
  };

  function openType(attributes: Attributes): Omit<Frame, "name"> {
    type = { name: `${namespace}.${attributes["Name"]}`, attributes, keys: [], properties: [], navigations: [] };
    found.types.set(type.name, type);
    return { target: type.name };
  }

  function openValue(_attributes: Attributes, parent: Frame | undefined): Omit<Frame, "name"> | undefined {
    text = "";
    return parent?.name === "Annotation" || parent?.name === "PropertyValue" ? inherit(parent) : undefined;
  }

  function keepValue({ subject, term, property = "" }: Omit<Frame, "name">, value: string | undefined): void {
    if (subject === undefined || term === undefined || value === undefined) return;
    found.annotations.push({ target: subject, term, property, value });
  }

  return {
    declarations: found,
    open(name: string, attributes: Attributes): void {
      const opener = Object.hasOwn(openers, name) ? openers[name] : undefined;
      frames.push({ name, ...opener?.(attributes, frames.at(-1)) });
    },
    text(content: string): void {
      if (frames.at(-1)?.term !== undefined) text += content;
    },
    close(): void {
      const frame = frames.pop();
      if (frame?.name === "String" || frame?.name === "Bool") keepValue(frame, text.trim());
    },
  };
}

function inherit({ subject, term, property }: Frame): Omit<Frame, "name"> {
  return {
    ...(subject !== undefined && { subject }),
    ...(term !== undefined && { term }),
    ...(property !== undefined && { property }),
  };
}
