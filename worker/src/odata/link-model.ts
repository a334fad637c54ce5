import type { Declarations } from "./declarations.ts";
import { linkEntitySet } from "./link-entity-set.ts";
import { linkOperations } from "./link-operations.ts";
import { linkEnumTypes, linkTypes } from "./link-types.ts";
import { readAnnotations, resolveAlias } from "./read-annotations.ts";
import type { EntitySet, ServiceModel } from "./service-model.ts";

/** Resolves aliases, inheritance, associations and annotations of the declarations into the model. */
export function linkModel(found: Declarations): ServiceModel {
  const source = { found, annotations: readAnnotations(found) };
  const linked = linkTypes(source);
  const operations = linkOperations(source);
  const associationSets = Map.groupBy(found.associationSets, (it) => resolveAlias(found.aliases, it.association));
  const entitySets = new Map<string, EntitySet>();
  for (const declaration of found.entitySets) {
    const type = linked.types.get(resolveAlias(found.aliases, declaration.attributes.get("EntityType") ?? ""));
    if (type === undefined) continue;
    const set = linkEntitySet({ ...source, linked, operations, associationSets }, declaration, type);
    entitySets.set(set.name, set);
  }
  return {
    odataVersion: found.odataVersion,
    entitySets,
    types: linked.types,
    enumTypes: linkEnumTypes(source),
    operations,
  };
}
