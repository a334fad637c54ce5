import { failureTable } from "@sap-mcp/shared/failure.ts";
import type { Failure } from "@sap-mcp/shared/failure.ts";
import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { catalogPaths, readCatalogPage } from "../odata/read-catalog.ts";
import type { ListedService } from "../odata/read-catalog.ts";
import { nameServices } from "../odata/service-directory.ts";
import type { Service } from "../odata/service-directory.ts";
import type { ODataVersion } from "../odata/service-model.ts";
import { pathOfLink } from "../odata/service-path.ts";
import { explainFailure } from "./explain-failure.ts";
import { talk } from "./contact.ts";
import type { Contact } from "./contact.ts";

/** The services of a SAP system that the caller may see. */
export interface Directory {
  readonly services: readonly Service[];
  /** Whether the system has more services than are looked at; the others are found in its catalog only. */
  readonly truncated: boolean;
  /** Catalogs that could not be read. */
  readonly failures: readonly Failure[];
  readonly warnings: readonly string[];
}

/** Whether asking the catalogs again would bring nothing new. */
export function isComplete(directory: Directory): boolean {
  return directory.failures.every((failure) => !failureTable[failure.kind].retryable);
}

/** Reads both catalogs side by side, once for all callers that SAP takes for the same user; one of them is enough. */
export function loadDirectory(contact: Contact): Promise<Outcome<Directory>> {
  const { sap, destination, call } = contact;
  return sap.directories.get(`${destination.principal} ${destination.name}`, call.signal, async (signal) => {
    const shared = { ...contact, call: { ...call, signal } };
    const manual = manualServicesOf(contact);
    const [v2, v4] = await Promise.all([readCatalog(shared, "V2"), readCatalog(shared, "V4")]);
    if (!v2.ok && !v4.ok && manual.length === 0) return mergeFailures(v2.failure, v4.failure);
    const failures = [v2, v4].flatMap((outcome) => (outcome.ok ? [] : [outcome.failure]));
    const named = nameServices(withManual({ v2: listOf(v2), v4: listOf(v4) }, manual));
    const admitted = named.filter((service) => sap.admits([service.id, service.technicalName]));
    const services = admitted.slice(0, sap.settings.maxServices);
    const truncated = services.length < admitted.length;
    // A system whose services are listed by hand mostly has no catalog.
    const warnings = failures
      .filter(({ kind }) => manual.length === 0 || failureTable[kind].retryable)
      .map((failure) => failure.message);
    if (truncated)
      warnings.push(
        `Only the first ${services.length} services are looked at; the others are found by words of their name or title.`,
      );
    if (failures.length > 0)
      call.log.warn({ failures, destination: destination.name }, "a catalog of services could not be read");
    return succeed({ services, truncated, failures, warnings });
  });
}

/** The directory with what a part of the V2 catalog lists besides; `path` says which part. */
export async function extendDirectory(
  contact: Contact,
  directory: Directory,
  path: string,
): Promise<Outcome<readonly Service[]>> {
  const more = await readCatalog(contact, "V2", path);
  if (!more.ok) return more;
  const known = Map.groupBy(directory.services, ({ odataVersion }) => odataVersion);
  const named = nameServices({ v2: [...(known.get("V2") ?? []), ...more.value], v4: known.get("V4") ?? [] });
  return succeed(named.filter((service) => contact.sap.admits([service.id, service.technicalName])));
}

function manualServicesOf({ sap, destination }: Contact): readonly ListedService[] {
  const { manualServices, destinations } = sap.settings;
  const ofDefault = destination.name === destinations[0] ? manualServices?.get("") : undefined;
  return [...(manualServices?.get(destination.name) ?? []), ...(ofDefault ?? [])];
}

interface Listings {
  readonly v2: readonly ListedService[] | undefined;
  readonly v4: readonly ListedService[] | undefined;
}

/** What a catalog says of a service counts more than what was written by hand. */
function withManual({ v2, v4 }: Listings, manual: readonly ListedService[]): Listings {
  const paths = new Set([...(v2 ?? []), ...(v4 ?? [])].map(({ path }) => path));
  const added = Map.groupBy(
    manual.filter(({ path }) => !paths.has(path)),
    ({ odataVersion }) => odataVersion,
  );
  const join = (listed: readonly ListedService[] | undefined, more: readonly ListedService[] = []) =>
    listed === undefined && more.length === 0 ? undefined : [...more, ...(listed ?? [])];
  return { v2: join(v2, added.get("V2")), v4: join(v4, added.get("V4")) };
}

function readCatalog(
  contact: Contact,
  odataVersion: ODataVersion,
  from: string = catalogPaths[odataVersion],
): Promise<Outcome<ListedService[]>> {
  const { sap, destination } = contact;
  return talk(contact, async ({ read }) => {
    const services: ListedService[] = [];
    const seen = new Set<string>();
    let path: string | undefined = from;
    let admitted = 0;
    // A link that leads back to a page would lead round for ever.
    while (path !== undefined && !seen.has(path) && admitted <= sap.settings.maxServices) {
      seen.add(path);
      const answer = await read({ path, headers: { accept: "application/json" } });
      const page = answer.ok ? readCatalogPage(odataVersion, answer.value, destination.path) : answer;
      if (!page.ok) return explainFailure(`The ${odataVersion} catalog of services can't be read`, page.failure);
      for (const service of page.value.services) services.push(service);
      admitted += page.value.services.filter(({ technicalName }) => sap.admits([technicalName])).length;
      path = nextPath(page.value.next, { destinationPath: destination.path, requestPath: path });
    }
    return succeed(services);
  });
}

function nextPath(
  next: string | undefined,
  base: { destinationPath: string; requestPath: string },
): string | undefined {
  return next === undefined ? undefined : pathOfLink(next, base);
}

/** A catalog that does not exist lists nothing; what is in one that can't be read is not known. */
function listOf(outcome: Outcome<ListedService[]>): ListedService[] | undefined {
  if (outcome.ok) return outcome.value;
  return outcome.failure.kind === "not-found" ? [] : undefined;
}

function mergeFailures(v2: Failure, v4: Failure): ReturnType<typeof fail> {
  // What may pass says more than what stays: a missing V4 catalog is common, an outage is the news.
  const [first, second] = failureTable[v4.kind].retryable && !failureTable[v2.kind].retryable ? [v4, v2] : [v2, v4];
  const { kind, message, ...facts } = first;
  return fail(kind, first.message === second.message ? message : `${message} ${second.message}`, facts);
}
