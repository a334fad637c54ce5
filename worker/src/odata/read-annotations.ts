import type { AnnotationRecord, AnnotationValue, Declarations } from "./declarations.ts";

export interface AnnotationReader {
  /**
   * What annotations say of something that goes by some paths, if they say anything; what is said under the first of them
   * counts.
   */
  readonly about: (...paths: readonly string[]) => Terms | undefined;
  /** What they say of a member of what has this path. */
  readonly aboutMember: (place: string, name: string | undefined) => Terms | undefined;
}

/** Terms by the usual alias of their vocabulary, such as `Common.Label`. */
export interface Terms {
  readonly valueOf: (term: string) => AnnotationValue | undefined;
  readonly textOf: (term: string) => string | undefined;
  /** A property of a record. */
  readonly propertyOf: (term: string, property: string) => AnnotationValue | undefined;
}

const vocabularies: Readonly<Record<string, string>> = {
  "com.sap.vocabularies.Common.v1": "Common",
  "Org.OData.Core.V1": "Core",
  "Org.OData.Capabilities.V1": "Capabilities",
  "Org.OData.Aggregation.V1": "Aggregation",
  "Org.OData.Measures.V1": "Measures",
};

export function readAnnotations({ annotations, aliases }: Declarations): AnnotationReader {
  const byTarget = new Map<string, Map<string, AnnotationValue>>();
  for (const { target, term, value } of annotations) {
    const path = resolvePath(aliases, target);
    const values = byTarget.get(path) ?? new Map<string, AnnotationValue>();
    byTarget.set(path, values.set(canonicalTerm(aliases, term), value));
  }
  const byPlace = new Map<string, Map<string, Terms>>();
  for (const [path, values] of byTarget) {
    const slash = path.lastIndexOf("/");
    const place = path.slice(0, Math.max(slash, 0));
    const members = byPlace.get(place) ?? new Map<string, Terms>();
    byPlace.set(place, members.set(path.slice(slash + 1), termsOf([values])));
  }
  return {
    about: (...paths) => {
      const known = paths.flatMap((path) => byTarget.get(path) ?? []);
      return known.length === 0 ? undefined : termsOf(known);
    },
    aboutMember: (place, name = "") => byPlace.get(place)?.get(name),
  };
}

function termsOf(known: readonly ReadonlyMap<string, AnnotationValue>[]): Terms {
  const valueOf = (term: string) => known.find((it) => it.has(term))?.get(term);
  return {
    valueOf,
    textOf: (term) => asText(valueOf(term)),
    propertyOf: (term, property) => {
      const value = valueOf(term);
      return isRecord(value) ? value.get(property) : undefined;
    },
  };
}

/** The texts of a collection. */
export function asTexts(value: AnnotationValue | undefined): string[] {
  return isList(value) ? value.filter((it) => typeof it === "string") : [];
}

/** The records of a collection. */
export function asRecords(value: AnnotationValue | undefined): AnnotationRecord[] {
  return isList(value) ? value.filter(isRecord) : [];
}

export function asText(value: AnnotationValue | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function isList(value: AnnotationValue | undefined): value is readonly AnnotationValue[] {
  return Array.isArray(value);
}

function isRecord(value: AnnotationValue | undefined): value is AnnotationRecord {
  return value instanceof Map;
}

function canonicalTerm(aliases: ReadonlyMap<string, string>, term: string): string {
  const dot = term.lastIndexOf(".");
  const prefix = term.slice(0, Math.max(dot, 0));
  const namespace = aliases.get(prefix) ?? prefix;
  return `${vocabularies[namespace] ?? namespace}${term.slice(dot)}`;
}

/** `Alias.Type/Property`, `Alias.Container/Set` or `Alias.Action(Alias.Type)/Parameter`, with namespaces for the aliases. */
function resolvePath(aliases: ReadonlyMap<string, string>, path: string): string {
  if (aliases.size === 0) return path;
  return path.replaceAll(/[^/(),]+/g, (name) => resolveAlias(aliases, name));
}

/** `Alias.Name`, with the alias replaced by its namespace. */
export function resolveAlias(aliases: ReadonlyMap<string, string>, name: string): string {
  if (name.startsWith("Edm.")) return name;
  const dot = name.lastIndexOf(".");
  const namespace = dot === -1 ? undefined : aliases.get(name.slice(0, dot));
  return namespace === undefined ? name : `${namespace}${name.slice(dot)}`;
}
