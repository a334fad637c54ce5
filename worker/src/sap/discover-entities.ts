import type { InputOf, OutputOf } from "@sap-mcp/shared/contracts/define-job.ts";
import type { discoverServiceEntities } from "@sap-mcp/shared/contracts/discover-service-entities.ts";
import { succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { rankMatches } from "../odata/rank-matches.ts";
import { operationsOf } from "../odata/service-model.ts";
import { loadModel } from "./load-model.ts";
import { locateService } from "./locate-service.ts";
import type { SapSystem } from "./open-sap-system.ts";
import type { SapCall } from "./sap-call.ts";

type Contract = typeof discoverServiceEntities;

/** The entity sets of a service that match the words of a query, best first. */
export async function discoverEntities(
  sap: SapSystem,
  input: InputOf<Contract>,
  call: SapCall,
): Promise<Outcome<OutputOf<Contract>>> {
  const located = await locateService(sap, input, call);
  if (!located.ok) return located;
  const { contact, service } = located.value;
  const model = await loadModel(contact, service);
  if (!model.ok) return model;
  const matches = rankMatches([...model.value.entitySets.values()], input.query, ({ name, label }) => [name, label]);
  const best = matches.slice(0, input.limit).map((set) => ({
    name: set.name,
    ...(set.label !== undefined && { label: set.label }),
    keys: [...set.type.keys],
    operations: operationsOf(set),
  }));
  return succeed({
    destination: contact.destination.name,
    service: { id: service.id, odataVersion: model.value.odataVersion },
    entitySets: best,
    total: matches.length,
    hasMore: best.length < matches.length,
  });
}
