import type { AssociationSetDeclaration, EntitySetDeclaration } from "./declarations.ts";
import { describe } from "./link-field.ts";
import type { Source } from "./link-field.ts";
import type { LinkedTypes } from "./link-types.ts";
import { asText, asTexts, resolveAlias } from "./read-annotations.ts";
import type { Terms } from "./read-annotations.ts";
import type { Draft, EntitySet, ServiceOperation, StructuredType } from "./service-model.ts";

export interface SetLinker extends Source {
  readonly linked: LinkedTypes;
  readonly operations: ReadonlyMap<string, ServiceOperation>;
  readonly associationSets: ReadonlyMap<string, readonly AssociationSetDeclaration[]>;
}

export function linkEntitySet(linker: SetLinker, declaration: EntitySetDeclaration, type: StructuredType): EntitySet {
  const { found, annotations, linked } = linker;
  const { attributes, path } = declaration;
  const name = attributes.get("Name") ?? "";
  const says = annotations.about(path);
  const { label = type.label, documentation } = describe(attributes, annotations.about(path, type.name));
  const typeTraits = linked.traitsOf(type);
  const declares = (attribute: string) => attributes.get(attribute) !== "false";
  const listed = (restriction: string, property: string) =>
    asTexts(says?.propertyOf(`Capabilities.${restriction}`, property));
  const flag = (term: string) => says?.textOf(`Capabilities.${term}`) !== "false";
  // Only what the service says outright is a refusal; a path leads to a value that differs by entity.
  const allows = (restriction: string, property: string) =>
    says?.propertyOf(`Capabilities.${restriction}`, property) !== "false";
  const requiredFilters = [...typeTraits.requiredInFilter, ...listed("FilterRestrictions", "RequiredProperties")];
  const demandsFilter =
    attributes.get("sap:requires-filter") === "true" ||
    says?.propertyOf("Capabilities.FilterRestrictions", "RequiresFilter") === "true";
  const isConcurrent =
    typeTraits.concurrent || annotations.about(path, type.name)?.valueOf("Core.OptimisticConcurrency") !== undefined;
  const draft = linkDraft(linker, says) ?? guessDraft(linker, type, name);
  const apply = found.odataVersion === "V4" ? linkApply(annotations.about(path, declaration.container)) : undefined;
  return {
    name,
    type,
    ...(label !== undefined && { label }),
    ...(documentation !== undefined && { documentation }),
    creatable: declares("sap:creatable") && allows("InsertRestrictions", "Insertable"),
    addressable: declares("sap:addressable") && allows("ReadRestrictions", "Readable"),
    updatable: declares("sap:updatable") && allows("UpdateRestrictions", "Updatable"),
    deletable: declares("sap:deletable") && allows("DeleteRestrictions", "Deletable"),
    // Searching is the one ability that a V2 service has to declare.
    searchable:
      found.odataVersion === "V2"
        ? attributes.get("sap:searchable") === "true"
        : allows("SearchRestrictions", "Searchable"),
    countable: declares("sap:countable") && allows("CountRestrictions", "Countable"),
    topable: declares("sap:pageable") && flag("TopSupported"),
    skippable: declares("sap:pageable") && flag("SkipSupported"),
    deepInsert: allows("DeepInsertSupport", "Supported"),
    requiresFilter: demandsFilter || requiredFilters.length > 0,
    requiredFilters,
    notFilterable: listed("FilterRestrictions", "NonFilterableProperties"),
    notSortable: listed("SortRestrictions", "NonSortableProperties"),
    etag: isConcurrent,
    ...(apply && { apply }),
    ...(typeTraits.aggregating && { aggregating: true }),
    ...(draft && { draft }),
    targets: found.odataVersion === "V2" ? targetsByAssociation(linker, name, type) : targetsByBinding(declaration),
  };
}

function linkDraft({ found }: SetLinker, says: Terms | undefined): Draft | undefined {
  const term = ["Common.DraftRoot", "Common.DraftNode"].find((it) => says?.valueOf(it) !== undefined);
  if (term === undefined) return undefined;
  const actions = {
    activate: "ActivationAction",
    edit: "EditAction",
    prepare: "PreparationAction",
    discard: "DiscardAction",
    create: "NewAction",
  };
  const named = Object.entries(actions).flatMap(([role, property]) => {
    const action = asText(says?.propertyOf(term, property));
    // V2 names the import by its path in the container.
    return action === undefined
      ? []
      : [
          [
            role,
            action.includes("/") ? action.slice(action.lastIndexOf("/") + 1) : resolveAlias(found.aliases, action),
          ],
        ];
  });
  return { kind: term === "Common.DraftRoot" ? "root" : "node", ...(Object.fromEntries(named) as Partial<Draft>) };
}

/** V2 services often keep their annotations elsewhere; the fields and the names of the functions give drafts away. */
function guessDraft({ operations }: SetLinker, type: StructuredType, name: string): Draft | undefined {
  if (!type.keys.includes("IsActiveEntity") || !type.properties.has("HasDraftEntity")) return undefined;
  const known = (suffix: string) => (operations.has(`${name}${suffix}`) ? `${name}${suffix}` : undefined);
  const [activate, edit, prepare] = [known("Activation"), known("Edit"), known("Preparation")];
  return {
    kind: activate === undefined ? "node" : "root",
    ...(activate !== undefined && { activate }),
    ...(edit !== undefined && { edit }),
    ...(prepare !== undefined && { prepare }),
  };
}

function linkApply(says: Terms | undefined): { transformations: string[] } | undefined {
  const term = "Aggregation.ApplySupported";
  return says?.valueOf(term) === undefined
    ? undefined
    : { transformations: asTexts(says?.propertyOf(term, "Transformations")) };
}

function targetsByAssociation(linker: SetLinker, setName: string, type: StructuredType): Map<string, string> {
  const targets = new Map<string, string>();
  for (const navigation of type.navigations.values()) {
    const source = linker.linked.sources.get(navigation);
    if (source === undefined) continue;
    const relationship = resolveAlias(linker.found.aliases, source.get("Relationship") ?? "");
    const candidates = linker.associationSets.get(relationship) ?? [];
    const own = candidates.find(({ ends }) =>
      ends.some((end) => end.get("Role") === source.get("FromRole") && end.get("EntitySet") === setName),
    );
    const target = own?.ends.find((end) => end.get("Role") === source.get("ToRole"))?.get("EntitySet");
    if (target !== undefined) targets.set(navigation.name, target);
  }
  return targets;
}

/** Paths may cast to a derived type on the way; those through complex properties are not followed. */
function targetsByBinding({ bindings }: EntitySetDeclaration): Map<string, string> {
  const targets = new Map<string, string>();
  for (const binding of bindings) {
    const target = binding.get("Target") ?? "";
    const segments = (binding.get("Path") ?? "").split("/").filter((segment) => !segment.includes("."));
    if (segments.length === 1) targets.set(segments[0] as string, target.slice(target.lastIndexOf("/") + 1));
  }
  return targets;
}
