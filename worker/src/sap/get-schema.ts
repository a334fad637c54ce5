import type { InputOf, OutputOf } from "@sap-mcp/shared/contracts/define-job.ts";
import type { getEntitySchema } from "@sap-mcp/shared/contracts/get-entity-schema.ts";
import { succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { operationsOf } from "../odata/service-model.ts";
import type { EntitySet, Navigation, Property } from "../odata/service-model.ts";
import { locateEntitySet } from "./locate-service.ts";
import type { SapSystem } from "./open-sap-system.ts";
import type { SapCall } from "./sap-call.ts";

type Contract = typeof getEntitySchema;

/** The fields of an entity set and where its navigation properties lead. */
export async function getSchema(
  sap: SapSystem,
  input: InputOf<Contract>,
  call: SapCall,
): Promise<Outcome<OutputOf<Contract>>> {
  const located = await locateEntitySet(sap, input, call);
  if (!located.ok) return located;
  const { contact, service, model, set } = located.value;
  return succeed({
    destination: contact.destination.name,
    service: { id: service.id, odataVersion: model.odataVersion },
    entitySet: set.name,
    ...(set.label !== undefined && { label: set.label }),
    keys: [...set.type.keys],
    operations: operationsOf(set),
    fields: [...set.type.properties.values()].map(describeField),
    navigations: [...set.type.navigations.values()].map((navigation) => describeNavigation(set, navigation)),
  });
}

function describeField({
  name,
  type,
  many,
  nullable,
  label,
  maxLength,
  precision,
  scale,
  not,
}: Property): OutputOf<Contract>["fields"][number] {
  return {
    name,
    type: many ? `Collection(${type})` : type,
    ...(label !== undefined && { label }),
    ...(!nullable && { nullable }),
    ...(maxLength !== undefined && { maxLength }),
    ...(precision !== undefined && { precision }),
    ...(scale !== undefined && { scale }),
    ...(not.length > 0 && { not: [...not] }),
  };
}

function describeNavigation(set: EntitySet, { name, many }: Navigation): OutputOf<Contract>["navigations"][number] {
  const entitySet = set.targets.get(name);
  return { name, ...(entitySet !== undefined && { entitySet }), many };
}
