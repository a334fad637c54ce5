import { getDestination, isHttpDestination } from "@sap-cloud-sdk/connectivity";
import type { Destination, HttpDestination } from "@sap-cloud-sdk/connectivity";
import { principalOf } from "@sap-mcp/shared/caller.ts";
import type { Caller } from "@sap-mcp/shared/caller.ts";
import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { nearestNames } from "@sap-mcp/shared/suggest-names.ts";

/** A destination as the Cloud SDK resolved it for one call. */
export interface SapDestination {
  readonly name: string;
  readonly target: HttpDestination;
  /** Path of the destination's URL, without a slash at its end. */
  readonly path: string;
  /** The tenant it was resolved for, and whom SAP takes the caller for: connections and answers are shared only under the same principal. */
  readonly tenant: string;
  readonly principal: string;
  /** Whether SAP sees the caller, and not one technical user for all. */
  readonly personal: boolean;
}

/** Logons that show SAP the same user, whoever calls. */
const technicalLogons: ReadonlySet<string> = new Set([
  "NoAuthentication",
  "BasicAuthentication",
  "ClientCertificateAuthentication",
  "OAuth2ClientCredentials",
  "OAuth2Password",
]);

/** Looks a destination up where the Cloud SDK looks: the `destinations` variable, service bindings, the destination service. */
export async function resolveDestination(name: string, caller: Caller): Promise<Outcome<SapDestination>> {
  let found: Destination | null;
  try {
    found = await getDestination({ destinationName: name, useCache: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // Without the destination service, the variable alone decides what exists.
    if (/service binding of type 'destination'/.test(reason)) return failUndefined(name);
    return fail("sap-unavailable", `Destination ${name} could not be looked up: ${reason.slice(0, 300)}`, {
      guidance: "The administrator should look at the destination service and at the destination's authentication.",
    });
  }
  if (found === null) return failUndefined(name);
  if (!isHttpDestination(found) || !URL.canParse(found.url)) {
    return fail("unknown-destination", `Destination ${name} is not an HTTP destination with a URL.`);
  }
  const personal = found.forwardAuthToken === true || !technicalLogons.has(found.authentication ?? "NoAuthentication");
  const tenant = encodeURIComponent(caller.tenant);
  return succeed({
    name,
    target: found,
    path: new URL(found.url).pathname.replace(/\/+$/, ""),
    tenant,
    principal: personal ? principalOf(caller) : tenant,
    personal,
  });
}

/** The name of the destination to use; only configured ones may be used, and the first of them when none is named. */
export function chooseDestination(configured: readonly string[], wanted: string | undefined): Outcome<string> {
  const name = wanted ?? configured[0];
  if (name !== undefined && configured.includes(name)) return succeed(name);
  return fail("unknown-destination", `There is no SAP system named ${name ?? "by default"} here.`, {
    guidance: nearestNames(name ?? "", configured, "Leave destination out to use the default SAP system."),
  });
}

function failUndefined(name: string): ReturnType<typeof fail> {
  return fail("unknown-destination", `Destination ${name} is configured here but defined nowhere.`, {
    guidance: "The administrator defines it in the destination service, or locally in the variable `destinations`.",
  });
}
