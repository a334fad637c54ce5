import type { InputOf, OutputOf } from "@sap-mcp/shared/contracts/define-job.ts";
import type { discoverServiceEntities } from "@sap-mcp/shared/contracts/discover-service-entities.ts";
import { succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { suggestNames } from "@sap-mcp/shared/suggest-names.ts";
import { describeOperation, nameType } from "../odata/describe-operation.ts";
import { rankMatches } from "../odata/rank-matches.ts";
import { hintsFor } from "../odata/service-hints.ts";
import { operationsOf, shortNameOf } from "../odata/service-model.ts";
import type { EntitySet, ServiceModel, ServiceOperation } from "../odata/service-model.ts";
import { loadModel } from "./load-model.ts";
import { locateService } from "./locate-service.ts";
import type { SapSystem } from "./open-sap-system.ts";
import type { SapCall } from "./sap-call.ts";

type Contract = typeof discoverServiceEntities;
type Discovery = OutputOf<Contract>;

/** Functions are mostly few; those of the user interface's own services are not. */
const maxFunctions = 30;

/** The entity sets of a service that match the words of a query, best first, and the functions that stand alone. */
export async function discoverEntities(
  sap: SapSystem,
  input: InputOf<Contract>,
  call: SapCall,
): Promise<Outcome<Discovery>> {
  const located = await locateService(sap, input, call);
  if (!located.ok) return located;
  const { contact, service } = located.value;
  const loaded = await loadModel(contact, service);
  if (!loaded.ok) return loaded;
  const model = loaded.value;
  const { query, limit } = input;
  const sets = [...model.entitySets.values()];
  const matches = rankMatches(sets, query, ({ name, label, documentation }) => [name, label, documentation]);
  // Without words the bound ones would drown the rest; they stand in the schemas of their entity sets.
  const operations = [...model.operations.values()].filter((it) => query !== undefined || it.boundTo === undefined);
  const functions = rankMatches(operations, query, (it) => [shortNameOf(it), it.label]);
  const shownFunctions = functions.slice(0, maxFunctions);
  const hints = hintsFor(sap.settings.hints ?? [], service);
  return succeed({
    destination: contact.destination.name,
    service: { id: service.id, odataVersion: model.odataVersion },
    entitySets: matches.slice(0, limit).map(describeSet),
    total: matches.length,
    hasMore: limit < matches.length,
    ...(functions.length > 0 && { functions: shownFunctions.map((it) => describeFunction(model, it)) }),
    ...(shownFunctions.length < functions.length && { totalFunctions: functions.length }),
    ...(matches.length === 0 &&
      functions.length === 0 &&
      query !== undefined && { nearest: suggestNames(query, model.entitySets.keys()) }),
    ...(hints.length > 0 && { hints }),
  });
}

function describeFunction(
  model: ServiceModel,
  operation: ServiceOperation,
): NonNullable<Discovery["functions"]>[number] {
  const { boundTo } = operation;
  return {
    ...describeOperation(model, operation),
    ...(boundTo !== undefined && { entityName: nameType(model, boundTo.type) }),
  };
}

function describeSet(set: EntitySet): Discovery["entitySets"][number] {
  return {
    name: set.name,
    ...(set.label !== undefined && set.label !== set.name && { label: set.label }),
    keys: [...set.type.keys],
    operations: operationsOf(set),
    ...(set.draft !== undefined && { draft: true }),
  };
}
