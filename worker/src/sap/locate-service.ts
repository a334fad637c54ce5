import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { shortType } from "../odata/describe-operation.ts";
import { catalogEntryPath } from "../odata/read-catalog.ts";
import { findService } from "../odata/service-directory.ts";
import type { Service } from "../odata/service-directory.ts";
import type { EntitySet, ServiceModel } from "../odata/service-model.ts";
import { nearestNames } from "@sap-mcp/shared/suggest-names.ts";
import { makeContact } from "./contact.ts";
import type { Contact } from "./contact.ts";
import { extendDirectory, loadDirectory } from "./load-directory.ts";
import type { Directory } from "./load-directory.ts";
import { loadModel } from "./load-model.ts";
import type { SapSystem } from "./open-sap-system.ts";
import type { SapCall } from "./sap-call.ts";

export interface LocatedService {
  readonly contact: Contact;
  readonly service: Service;
}

export interface LocatedEntitySet extends LocatedService {
  readonly model: ServiceModel;
  readonly set: EntitySet;
}

/** Finds the service that a call names among those that its caller may see. */
export async function locateService(
  sap: SapSystem,
  input: { serviceId: string; destination?: string | undefined },
  call: SapCall,
): Promise<Outcome<LocatedService>> {
  const contact = await makeContact(sap, input.destination, call);
  if (!contact.ok) return contact;
  const directory = await loadDirectory(contact.value);
  if (!directory.ok) return directory;
  const { services, warnings } = directory.value;
  const service =
    findService(services, input.serviceId) ?? (await findBeyond(contact.value, directory.value, input.serviceId));
  if (service !== undefined) return succeed({ contact: contact.value, service });
  const ids = services.map(({ id }) => id);
  return fail(
    "unknown-service",
    [`${contact.value.destination.name} offers no service ${input.serviceId}.`, ...warnings].join(" "),
    {
      guidance: nearestNames(input.serviceId, ids, "search-sap-services finds services by words."),
    },
  );
}

/** Where a system has more services than are looked at, its catalog is asked for the one that is named. */
async function findBeyond(contact: Contact, directory: Directory, id: string): Promise<Service | undefined> {
  if (!directory.truncated) return undefined;
  const technicalName = id.replace(/:V4$/, "").replace(/;v=\d+$/, "");
  const found = await extendDirectory(contact, directory, catalogEntryPath(technicalName));
  return found.ok ? findService(found.value, id) : undefined;
}

/** Finds the service and the entity set that a call names. */
export async function locateEntitySet(
  sap: SapSystem,
  input: { serviceId: string; entityName: string; destination?: string | undefined },
  call: SapCall,
): Promise<Outcome<LocatedEntitySet>> {
  const located = await locateService(sap, input, call);
  if (!located.ok) return located;
  const { contact, service } = located.value;
  const model = await loadModel(contact, service);
  if (!model.ok) return model;
  const set = model.value.entitySets.get(input.entityName);
  if (set !== undefined) return succeed({ contact, service, model: model.value, set });
  return failUnknownSet(service, model.value, input.entityName);
}

/** Models often name the type where the set is meant. */
function failUnknownSet(service: Service, model: ServiceModel, name: string): ReturnType<typeof fail> {
  const ofType = [...model.entitySets.values()].filter(
    ({ type }) => type.name === name || shortType(type.name) === name,
  );
  const guide = "discover-service-entities lists all of them.";
  return fail("unknown-entity-set", `${service.id} has no entity set ${name}.`, {
    guidance:
      ofType.length > 0
        ? `${name} is a type; its entity set is ${ofType.map((set) => set.name).join(" or ")}. ${guide}`
        : nearestNames(name, model.entitySets.keys(), guide),
  });
}
