import type { InputOf, OutputOf } from "@sap-mcp/shared/contracts/define-job.ts";
import type { searchSapServices } from "@sap-mcp/shared/contracts/search-sap-services.ts";
import { succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { rankMatches } from "../odata/rank-matches.ts";
import { makeContact } from "./contact.ts";
import { loadDirectory } from "./load-directory.ts";
import type { SapSystem } from "./open-sap-system.ts";
import type { SapCall } from "./sap-call.ts";

type Contract = typeof searchSapServices;

/** The services of a SAP system that match the words of a query, best first. */
export async function searchServices(
  sap: SapSystem,
  input: InputOf<Contract>,
  call: SapCall,
): Promise<Outcome<OutputOf<Contract>>> {
  const contact = await makeContact(sap, input.destination, call);
  if (!contact.ok) return contact;
  const directory = await loadDirectory(contact.value);
  if (!directory.ok) return directory;
  const { services, warnings } = directory.value;
  const matches = rankMatches(services, input.query, ({ id, title, description }) => [id, title, description]);
  const best = matches.slice(0, input.limit).map(({ id, title, description, odataVersion }) => ({
    id,
    title,
    ...(description !== undefined && { description }),
    odataVersion,
  }));
  return succeed({
    destination: contact.value.destination.name,
    services: best,
    total: matches.length,
    hasMore: best.length < matches.length,
    ...(warnings.length > 0 && { warnings: [...warnings] }),
  });
}
