import type { Declarations } from "./declarations.ts";

/** The few annotations of a service that this product acts upon, by target path. */
export interface AnnotationReader {
  readonly labelOf: (target: string) => string | undefined;
  /** False only where the service says so. */
  readonly allows: (target: string, restriction: string, property: string) => boolean;
}

const labelTerm = "com.sap.vocabularies.Common.v1.Label";
const capabilities = "Org.OData.Capabilities.V1.";

export function readAnnotations({ annotations, aliases }: Declarations): AnnotationReader {
  const values = new Map<string, string>();
  for (const { target, term, property, value } of annotations) {
    const name = resolveAlias(aliases, term);
    if (name === labelTerm || name.startsWith(capabilities))
      values.set(keyOf(resolveAlias(aliases, target), name, property), value);
  }
  return {
    labelOf: (target) => values.get(keyOf(target, labelTerm, "")),
    allows: (target, restriction, property) =>
      values.get(keyOf(target, capabilities + restriction, property)) !== "false",
  };
}

function keyOf(target: string, term: string, property: string): string {
  return `${target} ${term} ${property}`;
}

/** `Alias.Name` or `Alias.Container/Set`, with the alias replaced by its namespace. */
function resolveAlias(aliases: ReadonlyMap<string, string>, text: string): string {
  const slash = text.indexOf("/");
  const dot = text.lastIndexOf(".", slash === -1 ? text.length : slash);
  const namespace = dot === -1 ? undefined : aliases.get(text.slice(0, dot));
  return namespace === undefined ? text : `${namespace}${text.slice(dot)}`;
}
