import type { InputOf, OutputOf } from "@sap-mcp/shared/contracts/define-job.ts";
import type { getEntitySchema } from "@sap-mcp/shared/contracts/get-entity-schema.ts";
import { succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { describeDraft } from "../odata/describe-draft.ts";
import { describeField } from "../odata/describe-field.ts";
import { describeOperation, shortType } from "../odata/describe-operation.ts";
import { rankMatches } from "../odata/rank-matches.ts";
import { hintsFor } from "../odata/service-hints.ts";
import { boundOperationsOf, operationsOf } from "../odata/service-model.ts";
import type { EntitySet, Navigation, Property } from "../odata/service-model.ts";
import { locateEntitySet } from "./locate-service.ts";
import type { LocatedEntitySet } from "./locate-service.ts";
import type { SapSystem } from "./open-sap-system.ts";
import type { SapCall } from "./sap-call.ts";

type Contract = typeof getEntitySchema;
type Schema = OutputOf<Contract>;

const defaultLimit = 150;

/** The fields of an entity set with their meaning, where its navigation properties lead, and what can be done with it. */
export async function getSchema(sap: SapSystem, input: InputOf<Contract>, call: SapCall): Promise<Outcome<Schema>> {
  const located = await locateEntitySet(sap, input, call);
  if (!located.ok) return located;
  const { contact, service, model, set } = located.value;
  const { query, limit = defaultLimit } = input;
  const fields = rankMatches([...set.type.properties.values()], query, ({ name, label, documentation, text }) => [
    name,
    label,
    documentation,
    text,
  ]);
  const navigations = rankMatches([...set.type.navigations.values()], query, ({ name, label, type }) => [
    name,
    label,
    set.targets.get(name) ?? type,
  ]);
  const functions = rankMatches(boundOperationsOf(model, set), query, ({ name, label }) => [name, label]);
  const shown = fields.slice(0, limit);
  return succeed({
    destination: contact.destination.name,
    service: { id: service.id, odataVersion: model.odataVersion },
    entitySet: set.name,
    ...(set.label !== undefined && { label: set.label }),
    ...(set.documentation !== undefined && { about: set.documentation }),
    keys: [...set.type.keys],
    operations: operationsOf(set),
    fields: shown.map((property) => describeField(model, withSetRules(set, property))),
    ...(shown.length < fields.length && { totalFields: fields.length, hasMore: true }),
    navigations: navigations.map((navigation) => describeNavigation(set, navigation)),
    ...(functions.length > 0 && { functions: functions.map((it) => describeOperation(model, it)) }),
    ...describeRules(sap, located.value),
  });
}

/** What holds for the set as a whole; what it can do like any other is left out. */
function describeRules(sap: SapSystem, { service, model, set }: LocatedEntitySet): Partial<Schema> {
  const draft = describeDraft(model, set);
  const hints = hintsFor(sap.settings.hints ?? [], service, set.name);
  const unsupported = [
    ...(set.countable ? [] : ["$count" as const]),
    ...(set.topable ? [] : ["$top" as const]),
    ...(set.skippable ? [] : ["$skip" as const]),
    ...(set.searchable ? [] : ["$search" as const]),
  ];
  const notes = [
    ...(set.etag ? ["Changes need the ETag of the entity; it is read and sent by itself."] : []),
    ...(set.aggregating === true ? ["SAP sums the measures up over the dimensions in $select."] : []),
    ...(set.deepInsert || !set.creatable ? [] : ["Entities it leads to can't be created together with it."]),
    ...(set.requiresFilter && set.requiredFilters.length === 0 ? ["A list needs a filter."] : []),
  ];
  return {
    ...(draft !== undefined && { draft }),
    ...(set.requiredFilters.length > 0 && { filterBy: [...set.requiredFilters] }),
    ...(unsupported.length > 0 && { unsupported }),
    ...(set.apply !== undefined && { apply: [...set.apply.transformations] }),
    ...(notes.length > 0 && { notes }),
    ...(hints.length > 0 && { hints }),
  };
}

function withSetRules(set: EntitySet, property: Property): Property {
  const more = [
    ...(set.notFilterable.includes(property.name) ? ["filterable" as const] : []),
    ...(set.notSortable.includes(property.name) ? ["sortable" as const] : []),
  ];
  return more.length === 0 ? property : { ...property, not: [...new Set([...property.not, ...more])] };
}

function describeNavigation(set: EntitySet, navigation: Navigation): Schema["navigations"][number] {
  const { name, many, type, label, contained } = navigation;
  const entitySet = set.targets.get(name);
  return {
    name,
    ...(entitySet === undefined ? { type: shortType(type) } : { entitySet }),
    many,
    ...(label !== undefined && label !== name && { label }),
    ...(contained === true && { contained }),
  };
}
