import type { InputOf, OutputOf } from "@sap-mcp/shared/contracts/define-job.ts";
import type { searchSapServices } from "@sap-mcp/shared/contracts/search-sap-services.ts";
import { succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { rankMatches, wordsOf } from "../odata/rank-matches.ts";
import { catalogSearchPath } from "../odata/read-catalog.ts";
import { pairVersions } from "../odata/service-directory.ts";
import type { Service, VersionedService } from "../odata/service-directory.ts";
import { makeContact } from "./contact.ts";
import type { Contact } from "./contact.ts";
import { extendDirectory, loadDirectory } from "./load-directory.ts";
import type { Directory } from "./load-directory.ts";
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
  const found = await searchBeyond(contact.value, directory.value, input.query);
  const matches = rankMatches(pairVersions(found.ok ? found.value : services), input.query, textsOf);
  const best = matches.slice(0, input.limit).map(describeService);
  const allWarnings = found.ok ? warnings : [...warnings, found.failure.message];
  return succeed({
    destination: contact.value.destination.name,
    services: best,
    total: matches.length,
    hasMore: best.length < matches.length,
    ...(allWarnings.length > 0 && { warnings: [...allWarnings] }),
  });
}

/** Where a system has more services than are looked at, SAP itself looks for the words among all of them. */
function searchBeyond(
  contact: Contact,
  directory: Directory,
  query: string | undefined,
): Promise<Outcome<readonly Service[]>> {
  const words = wordsOf(query);
  return directory.truncated && words.length > 0
    ? extendDirectory(contact, directory, catalogSearchPath(words))
    : Promise.resolve(succeed(directory.services));
}

function textsOf({ service, alternative }: VersionedService): (string | undefined)[] {
  const { id, title, description } = service;
  return [id, title, description, alternative?.id, alternative?.title];
}

function describeService({ service, alternative }: VersionedService): OutputOf<Contract>["services"][number] {
  const { id, title, description, odataVersion } = service;
  return {
    id,
    title,
    ...(description !== undefined && { description }),
    odataVersion,
    ...(alternative !== undefined && { alternative: alternative.id }),
  };
}
