import type { Attributes, Declarations, TypeDeclaration } from "./declarations.ts";
import { describe, linkProperty, resolveReference } from "./link-field.ts";
import type { Source } from "./link-field.ts";
import { resolveAlias } from "./read-annotations.ts";
import { RefusedDocument } from "./refused-document.ts";
import type { EnumType, Navigation, StructuredType } from "./service-model.ts";

/** Types with what they inherit, and what only sets want to know of them. */
export interface LinkedTypes {
  readonly types: Map<string, StructuredType>;
  /** Where each V2 navigation property was declared. */
  readonly sources: Map<Navigation, Attributes>;
  readonly traitsOf: (type: StructuredType) => TypeTraits;
}

/** What types say about the sets of their entities. */
export interface TypeTraits {
  readonly requiredInFilter: readonly string[];
  readonly concurrent: boolean;
  readonly aggregating: boolean;
}

/** Real services inherit over three levels; each level copies all properties above it. */
const maxInheritance = 50;

export function linkTypes(source: Source): LinkedTypes {
  const { found } = source;
  const types = new Map<string, StructuredType>();
  const sources = new Map<Navigation, Attributes>();
  /** Names from a type to the base that is being resolved. */
  const lineage: string[] = [];

  function resolveType(name: string): StructuredType | undefined {
    const known = types.get(name);
    const declaration = found.types.get(name);
    if (known !== undefined || declaration === undefined) return known;
    if (lineage.includes(name)) throw new RefusedDocument(`type ${name} is its own base type`);
    lineage.push(name);
    const base = resolveType(resolveAlias(found.aliases, declaration.attributes.get("BaseType") ?? ""));
    lineage.pop();
    const type = linkType(declaration, base);
    if (type.bases.length + lineage.length > maxInheritance)
      throw new RefusedDocument(`types inherit over more than ${maxInheritance} levels`);
    types.set(name, type);
    return type;
  }

  function linkType(declaration: TypeDeclaration, base: StructuredType | undefined): StructuredType {
    const { name, attributes } = declaration;
    const { label } = describe(attributes, source.annotations.about(name));
    const properties = declaration.properties.map((it) => linkProperty(source, name, it));
    const navigations = declaration.navigations.map((it) => linkNavigation(source, name, it, sources));
    return {
      name,
      ...(label !== undefined && { label }),
      bases: base === undefined ? [] : [base.name, ...base.bases],
      keys: [...(base?.keys ?? []), ...declaration.keys],
      properties: byName(base?.properties, properties),
      navigations: byName(base?.navigations, navigations),
      open: attributes.get("OpenType") === "true" || base?.open === true,
    };
  }

  for (const name of found.types.keys()) resolveType(name);
  return {
    types,
    sources,
    traitsOf: ({ name, bases }) => {
      const requiredInFilter: string[] = [];
      let concurrent = false;
      for (const home of bases.length === 0 ? [name] : [name, ...bases]) {
        for (const attributes of found.types.get(home)?.properties ?? []) {
          if (attributes.get("sap:required-in-filter") === "true") requiredInFilter.push(attributes.get("Name") ?? "");
          concurrent ||= attributes.get("ConcurrencyMode") === "Fixed";
        }
      }
      const aggregating = found.types.get(name)?.attributes.get("sap:semantics") === "aggregate";
      return { requiredInFilter, concurrent, aggregating };
    },
  };
}

export function linkEnumTypes({ found, annotations }: Source): Map<string, EnumType> {
  return new Map(
    [...found.enumTypes].map(([name, { attributes, members }]) => {
      const linked = members.map((member, at) => {
        const says = annotations.aboutMember(name, member.get("Name"));
        const label = says?.textOf("Common.Label") ?? says?.textOf("Core.Description");
        // Members without values are numbered from zero.
        return { name: member.get("Name") ?? "", value: member.get("Value") ?? String(at), ...(label && { label }) };
      });
      const underlyingType = attributes.get("UnderlyingType") ?? "Edm.Int32";
      return [name, { name, underlyingType, flags: attributes.get("IsFlags") === "true", members: linked }];
    }),
  );
}

function byName<T extends { readonly name: string }>(
  inherited: ReadonlyMap<string, T> | undefined,
  own: readonly T[],
): Map<string, T> {
  const all = new Map(inherited);
  for (const it of own) all.set(it.name, it);
  return all;
}

function linkNavigation(
  source: Source,
  typeName: string,
  attributes: Attributes,
  sources: Map<Navigation, Attributes>,
): Navigation {
  const name = attributes.get("Name") ?? "";
  const { label } = describe(attributes, source.annotations.aboutMember(typeName, name));
  const navigation = {
    name,
    ...targetOf(source.found, attributes),
    ...(label !== undefined && { label }),
    ...(attributes.get("ContainsTarget") === "true" && ({ contained: true } as const)),
  };
  if (attributes.get("Relationship") !== undefined) sources.set(navigation, attributes);
  return navigation;
}

function targetOf(found: Declarations, attributes: Attributes): { type: string; many: boolean } {
  const relationship = attributes.get("Relationship");
  if (relationship === undefined) return resolveReference(found, attributes.get("Type") ?? "");
  const end = found.associations
    .get(resolveAlias(found.aliases, relationship))
    ?.find((it) => it.get("Role") === attributes.get("ToRole"));
  return { type: resolveAlias(found.aliases, end?.get("Type") ?? ""), many: end?.get("Multiplicity") === "*" };
}
