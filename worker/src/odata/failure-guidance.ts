import type { FailureKind } from "@sap-mcp/shared/failure.ts";
import type { SapAnswer } from "./answer.ts";

/** What to do about SAP's own error codes. */
const byCode: Readonly<Record<string, string>> = {
  "/IWFND/MED/170":
    "The service is not registered or not active in SAP Gateway. Look for another one with search-sap-services, or let the SAP administrator activate it (transaction /IWFND/MAINT_SERVICE).",
  "/IWFND/CM_CONSUMER/101":
    "No system alias is assigned to the service; the SAP administrator assigns one in transaction /IWFND/MAINT_SERVICE.",
  "/IWBEP/CM_MGW_RT/020":
    "No entity has this key. Check the key's values, leading zeros included, by reading the entity set with $filter.",
};

const byKind: Partial<Readonly<Record<FailureKind, string>>> = {
  forbidden:
    "The SAP user lacks the authorization; the SAP administrator finds what is missing with transaction SU53 or /IWFND/ERROR_LOG.",
  "not-found":
    "SAP knows nothing by this address. Check the key, leading zeros included, by reading the entity set with $filter; a service may also not be active.",
  conflict:
    "The entity was changed in SAP meanwhile, or the change would collide with another. Read it again and repeat the change if it is still wanted.",
  throttled: "SAP limits the number of requests; wait before the next one.",
  rejected:
    "SAP refused the request for the reason given; correct the arguments. get-entity-schema shows fields and types.",
  "sap-unavailable": "The SAP system or a proxy before it does not answer; try again later.",
  "sap-error":
    "SAP failed while it worked on the request; the SAP administrator finds details in transaction /IWFND/ERROR_LOG.",
};

export function guidanceFor(kind: FailureKind, answer: SapAnswer, sapCode: string | undefined): string | undefined {
  const special = sapCode !== undefined && Object.hasOwn(byCode, sapCode) ? byCode[sapCode] : undefined;
  if (special !== undefined || kind !== "unauthorized") return special ?? byKind[kind];
  const isPage = answer.status < 400 || (answer.headers["content-type"] ?? "").includes("html");
  return isPage
    ? "SAP asked for a logon with a page. Often the destination lacks sap-client, or its user or password is wrong; the administrator should look at the destination."
    : "SAP did not accept the logon of the destination; the administrator should look at its credentials.";
}
