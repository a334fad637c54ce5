import type {
  AssociationSetDeclaration,
  Attributes,
  Declarations,
  EntitySetDeclaration,
  TypeDeclaration,
} from "./declarations.ts";
import { RefusedDocument } from "./refused-document.ts";
import { readAnnotations } from "./read-annotations.ts";
import type { AnnotationReader } from "./read-annotations.ts";
import type { EntitySet, Navigation, Property, PropertyUse, ServiceModel, StructuredType } from "./service-model.ts";

interface Linker {
  readonly found: Declarations;
  readonly annotations: AnnotationReader;
  readonly types: Map<string, StructuredType>;
  /** Names from a type to the base that is being resolved. */
  readonly lineage: string[];
  readonly depths: Map<StructuredType, number>;
  /** Where each V2 navigation property was declared. */
  readonly sources: Map<Navigation, Attributes>;
  readonly associationSets: ReadonlyMap<string, readonly AssociationSetDeclaration[]>;
}

/** Real services inherit over three levels; each level copies all properties above it. */
const maxInheritance = 50;

/** Resolves aliases, inheritance, associations and annotations of the declarations into the model. */
export function linkModel(found: Declarations): ServiceModel {
  const linker: Linker = {
    found,
    annotations: readAnnotations(found),
    types: new Map(),
    lineage: [],
    depths: new Map(),
    sources: new Map(),
    associationSets: Map.groupBy(found.associationSets, (it) => qualify(found, it.association)),
  };
  for (const name of found.types.keys()) resolveType(linker, name);
  const entitySets = new Map<string, EntitySet>();
  for (const declaration of found.entitySets) {
    const type = linker.types.get(qualify(found, declaration.attributes["EntityType"] ?? ""));
    if (type !== undefined)
      entitySets.set(declaration.attributes["Name"] ?? "", linkEntitySet(linker, declaration, type));
  }
  return { odataVersion: found.odataVersion, entitySets, types: linker.types, enumTypes: found.enumTypes };
}

function resolveType(linker: Linker, name: string): StructuredType | undefined {
  const known = linker.types.get(name);
  const declaration = linker.found.types.get(name);
  if (known !== undefined || declaration === undefined) return known;
  if (linker.lineage.includes(name)) throw new RefusedDocument(`type ${name} is its own base type`);
  linker.lineage.push(name);
  const base = resolveType(linker, qualify(linker.found, declaration.attributes["BaseType"] ?? ""));
  linker.lineage.pop();
  const depth = base === undefined ? 0 : (linker.depths.get(base) ?? 0) + 1;
  if (depth + linker.lineage.length > maxInheritance)
    throw new RefusedDocument(`types inherit over more than ${maxInheritance} levels`);
  const type = linkType(linker, declaration, base);
  linker.types.set(name, type);
  linker.depths.set(type, depth);
  return type;
}

function linkType(linker: Linker, declaration: TypeDeclaration, base: StructuredType | undefined): StructuredType {
  const label = declaration.attributes["sap:label"] ?? linker.annotations.labelOf(declaration.name);
  const properties = declaration.properties.map((attributes) => linkProperty(linker, declaration.name, attributes));
  const navigations = declaration.navigations.map((attributes) => linkNavigation(linker, attributes));
  return {
    name: declaration.name,
    ...(label !== undefined && { label }),
    keys: [...(base?.keys ?? []), ...declaration.keys],
    properties: new Map([...(base?.properties ?? []), ...properties.map((it) => [it.name, it] as const)]),
    navigations: new Map([...(base?.navigations ?? []), ...navigations.map((it) => [it.name, it] as const)]),
    open: declaration.attributes["OpenType"] === "true" || base?.open === true,
  };
}

function linkProperty({ found, annotations }: Linker, typeName: string, attributes: Attributes): Property {
  const name = attributes["Name"] ?? "";
  const { type, many } = resolveReference(found, attributes["Type"] ?? "Edm.String");
  const label = attributes["sap:label"] ?? annotations.labelOf(`${typeName}/${name}`);
  const facets = { maxLength: attributes["MaxLength"], precision: attributes["Precision"], scale: attributes["Scale"] };
  const uses: readonly PropertyUse[] = ["creatable", "updatable", "filterable", "sortable"];
  return {
    name,
    type: found.definitions.get(type) ?? type,
    many,
    nullable: attributes["Nullable"] !== "false",
    ...(label !== undefined && { label }),
    // "max" and "variable" set no limit that a number could say.
    ...Object.fromEntries(
      Object.entries(facets).flatMap(([facet, text]) => (/^\d+$/.test(text ?? "") ? [[facet, Number(text)]] : [])),
    ),
    not: uses.filter((use) => attributes[`sap:${use}`] === "false"),
  };
}

function linkNavigation({ found, sources }: Linker, attributes: Attributes): Navigation {
  const name = attributes["Name"] ?? "";
  if (attributes["Relationship"] === undefined) return { name, ...resolveReference(found, attributes["Type"] ?? "") };
  const ends = found.associations.get(qualify(found, attributes["Relationship"]));
  const end = ends?.find((it) => it["Role"] === attributes["ToRole"]);
  const navigation = { name, type: qualify(found, end?.["Type"] ?? ""), many: end?.["Multiplicity"] === "*" };
  sources.set(navigation, attributes);
  return navigation;
}

function linkEntitySet(linker: Linker, declaration: EntitySetDeclaration, type: StructuredType): EntitySet {
  const { found, annotations } = linker;
  const { attributes, path } = declaration;
  const label = attributes["sap:label"] ?? annotations.labelOf(path) ?? type.label;
  const declares = (attribute: string) => attributes[attribute] !== "false";
  return {
    name: attributes["Name"] ?? "",
    type,
    ...(label !== undefined && { label }),
    creatable: declares("sap:creatable") && annotations.allows(path, "InsertRestrictions", "Insertable"),
    addressable: declares("sap:addressable") && annotations.allows(path, "ReadRestrictions", "Readable"),
    updatable: declares("sap:updatable") && annotations.allows(path, "UpdateRestrictions", "Updatable"),
    deletable: declares("sap:deletable") && annotations.allows(path, "DeleteRestrictions", "Deletable"),
    // Searching is the one ability that a V2 service has to declare.
    searchable:
      found.odataVersion === "V2"
        ? attributes["sap:searchable"] === "true"
        : annotations.allows(path, "SearchRestrictions", "Searchable"),
    countable: declares("sap:countable") && annotations.allows(path, "CountRestrictions", "Countable"),
    targets:
      found.odataVersion === "V2"
        ? targetsByAssociation(linker, attributes["Name"], type)
        : targetsByBinding(declaration),
  };
}

function targetsByAssociation(linker: Linker, setName: string | undefined, type: StructuredType): Map<string, string> {
  const targets = new Map<string, string>();
  for (const navigation of type.navigations.values()) {
    const { Relationship = "", FromRole, ToRole } = linker.sources.get(navigation) ?? {};
    const candidates = linker.associationSets.get(qualify(linker.found, Relationship)) ?? [];
    const own = candidates.find(({ ends }) =>
      ends.some((end) => end["Role"] === FromRole && end["EntitySet"] === setName),
    );
    const target = own?.ends.find((end) => end["Role"] === ToRole)?.["EntitySet"];
    if (target !== undefined) targets.set(navigation.name, target);
  }
  return targets;
}

/** Paths may cast to a derived type on the way; those through complex properties are not followed. */
function targetsByBinding({ bindings }: EntitySetDeclaration): Map<string, string> {
  const targets = new Map<string, string>();
  for (const { Path = "", Target = "" } of bindings) {
    const segments = Path.split("/").filter((segment) => !segment.includes("."));
    if (segments.length === 1) targets.set(segments[0] as string, Target.slice(Target.lastIndexOf("/") + 1));
  }
  return targets;
}

function resolveReference(found: Declarations, reference: string): { type: string; many: boolean } {
  const item = /^Collection\((.*)\)$/.exec(reference.trim())?.[1];
  return { type: qualify(found, item ?? reference.trim()), many: item !== undefined };
}

/** The qualified name with its alias, if it has one, replaced by the namespace. */
function qualify(found: Declarations, name: string): string {
  const dot = name.lastIndexOf(".");
  const namespace = dot === -1 ? undefined : found.aliases.get(name.slice(0, dot));
  return namespace === undefined ? name : `${namespace}${name.slice(dot)}`;
}
