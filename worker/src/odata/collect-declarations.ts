import { annotationOpeners, closeFrame } from "./collect-annotations.ts";
import type { Frame, Opener } from "./collect-annotations.ts";
import type {
  Attributes,
  Declarations,
  EntitySetDeclaration,
  EnumDeclaration,
  OperationDeclaration,
  TypeDeclaration,
} from "./declarations.ts";

/** An element that means nothing to those inside it. */
const nothing: Frame = {};

/** Takes the elements of a document in order, by local names; SAP's own attributes must begin with `sap:`. */
export function collectDeclarations() {
  const found: Declarations = {
    odataVersion: "V2",
    aliases: new Map(),
    types: new Map(),
    enumTypes: new Map(),
    definitions: new Map(),
    associations: new Map(),
    associationSets: [],
    entitySets: [],
    operations: [],
    annotations: [],
  };
  const frames: Frame[] = [];
  let namespace = "";
  let container = "";
  let type: TypeDeclaration | undefined;
  let enumType: EnumDeclaration | undefined;
  let entitySet: EntitySetDeclaration | undefined;
  let operation: OperationDeclaration | undefined;
  let ends: Attributes[] = [];

  const openersByName: Readonly<Record<string, Opener>> = {
    Edmx: (attributes) => {
      found.odataVersion = attributes.get("Version")?.startsWith("4") ? "V4" : "V2";
    },
    Include: addAlias,
    Schema: (attributes) => {
      namespace = attributes.get("Namespace") ?? "";
      addAlias(attributes);
    },
    EntityType: openType,
    ComplexType: openType,
    Key: () => ({ name: "Key" }),
    PropertyRef: (attributes, parent) => {
      if (parent?.name === "Key") type?.keys.push(attributes.get("Name") ?? "");
    },
    Property: (attributes, parent) => {
      if (type === undefined || parent?.target !== type.name) return;
      type.properties.push(attributes);
      return { target: `${type.name}/${attributes.get("Name")}` };
    },
    NavigationProperty: (attributes, parent) => {
      if (type === undefined || parent?.target !== type.name) return;
      type.navigations.push(attributes);
      return { target: `${type.name}/${attributes.get("Name")}` };
    },
    EnumType: (attributes) => {
      const name = `${namespace}.${attributes.get("Name")}`;
      enumType = { attributes, members: [] };
      found.enumTypes.set(name, enumType);
      return { target: name };
    },
    Member: (attributes, parent) => {
      enumType?.members.push(attributes);
      return { target: `${parent?.target}/${attributes.get("Name")}` };
    },
    TypeDefinition: (attributes) => {
      found.definitions.set(`${namespace}.${attributes.get("Name")}`, attributes.get("UnderlyingType") ?? "Edm.String");
    },
    Association: (attributes) => {
      ends = [];
      found.associations.set(`${namespace}.${attributes.get("Name")}`, ends);
    },
    AssociationSet: (attributes) => {
      ends = [];
      found.associationSets.push({ association: attributes.get("Association") ?? "", ends });
    },
    End: (attributes) => {
      ends.push(attributes);
    },
    EntityContainer: (attributes) => {
      container = `${namespace}.${attributes.get("Name")}`;
      return { target: container };
    },
    EntitySet: (attributes) => {
      entitySet = { container, path: `${container}/${attributes.get("Name")}`, attributes, bindings: [] };
      found.entitySets.push(entitySet);
      return { name: "EntitySet", target: entitySet.path };
    },
    NavigationPropertyBinding: (attributes, parent) => {
      if (parent?.name === "EntitySet") entitySet?.bindings.push(attributes);
    },
    Function: (attributes) => openOperation("Function", attributes, namespace),
    Action: (attributes) => openOperation("Action", attributes, namespace),
    FunctionImport: (attributes) => openOperation("FunctionImport", attributes, container),
    ActionImport: (attributes) => openOperation("ActionImport", attributes, container),
    Parameter: (attributes, parent) => {
      if (operation === undefined || parent?.target !== operation.target) return;
      operation.parameters.push(attributes);
      return { target: `${operation.target}/${attributes.get("Name")}` };
    },
    ReturnType: (attributes, parent) => {
      if (operation !== undefined && parent?.target === operation.target) operation.returns = attributes;
    },
    ...annotationOpeners(found.annotations),
  };
  const openers = new Map(Object.entries(openersByName));

  function addAlias(attributes: Attributes): void {
    const alias = attributes.get("Alias");
    if (alias !== undefined) found.aliases.set(alias, attributes.get("Namespace") ?? "");
  }

  function openType(attributes: Attributes): Frame {
    type = { name: `${namespace}.${attributes.get("Name")}`, attributes, keys: [], properties: [], navigations: [] };
    found.types.set(type.name, type);
    return { target: type.name };
  }

  function openOperation(element: string, attributes: Attributes, home: string): Frame {
    const path = `${home}${element.endsWith("Import") ? "/" : "."}${attributes.get("Name")}`;
    const target = `${path}#${found.operations.length}`;
    operation = { element, path, target, attributes, parameters: [], returns: undefined };
    found.operations.push(operation);
    return { target };
  }

  return {
    declarations: found,
    open(name: string, attributes: Attributes): void {
      frames.push(openers.get(name)?.(attributes, frames.at(-1)) ?? nothing);
    },
    text(content: string): void {
      const frame = frames.at(-1);
      if (frame?.text !== undefined) frame.text += content;
    },
    close(): void {
      closeFrame(frames.pop());
    },
  };
}
