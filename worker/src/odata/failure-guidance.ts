import type { FailureKind } from "@sap-mcp/shared/failure.ts";
import type { SapAnswer } from "./answer.ts";

/** What to do where no entity has a key. */
export const findKey =
  "Keys are compared exactly: with or without leading zeros, as SAP stores them. Read the entity set with filter to find it.";

/** What to do about SAP's own error codes. */
const byCode: Readonly<Record<string, string>> = {
  "/IWFND/MED/170":
    "The service is not registered or not active in SAP Gateway. Look for another one with search-sap-services, or let the SAP administrator activate it (transaction /IWFND/MAINT_SERVICE).",
  "/IWFND/CM_CONSUMER/101":
    "No system alias is assigned to the service; the SAP administrator assigns one in transaction /IWFND/MAINT_SERVICE.",
  "/IWBEP/CM_MGW_RT/020": `No entity has this key. ${findKey}`,
};

/** What the code, the status and SAP's own words say, from the particular to the general; SAP's texts come in the language of the logon. */
const signs: readonly { readonly matches: (sign: FailureSign) => boolean; readonly guidance: string }[] = [
  {
    matches: ({ text }) => /not implemented in data provider class/i.test(text),
    guidance:
      "The service declares this operation, but it was never implemented in SAP. Use another entity set or service.",
  },
  {
    matches: ({ text }) =>
      /\b(is|are) (currently )?(locked|being processed)\b|\blocked by\b|being edited by/i.test(text),
    guidance: "Somebody works on this object in SAP at the moment; try again when it is free.",
  },
  {
    matches: ({ status }) => status === 405 || status === 501,
    guidance:
      "The service does not allow this operation here, whatever its metadata says. A function or action may do it (call-sap-function), or another entity set.",
  },
  {
    matches: ({ status }) => status === 414,
    guidance: "The query is too long for SAP. Ask in parts: fewer values in a list, fewer fields in $select.",
  },
  {
    matches: ({ code }) => code === "SY/530" || code.startsWith("CX_"),
    guidance:
      "SAP raised an exception that says no more than this; the SAP administrator finds it in transaction /IWFND/ERROR_LOG or ST22.",
  },
  {
    matches: ({ code }) => /^005056[0-9A-F]{26}$/.test(code),
    guidance:
      "SAP's OData library refused the form of the request. Compare names, types and navigation properties with get-entity-schema.",
  },
  {
    // Message class and number, such as V1/555; the classes of the gateway itself begin with a slash.
    matches: ({ code, status }) => (status === 400 || status === 422) && /^[A-Z0-9_]{1,20}\/\d{3}$/.test(code),
    guidance:
      "The application in SAP refused this for the reason given, as it would in its own screens. Change the data accordingly, or tell the user; repeating it unchanged will not help.",
  },
];

/** What an error looks like. */
export interface FailureSign {
  readonly status: number;
  /** SAP's code; empty when there is none. */
  readonly code: string;
  readonly text: string;
}

const byKind: Partial<Readonly<Record<FailureKind, string>>> = {
  forbidden:
    "The SAP user lacks the authorization; the SAP administrator finds what is missing with transaction SU53 or /IWFND/ERROR_LOG.",
  "not-found": `SAP knows nothing by this address. ${findKey} A service may also not be active.`,
  conflict:
    "The entity was changed in SAP meanwhile, or the change would collide with another. Read it again and repeat the change if it is still wanted.",
  throttled: "SAP limits the number of requests; wait before the next one.",
  rejected:
    "SAP refused the request for the reason given; correct the arguments. get-entity-schema shows fields and types.",
  "sap-unavailable": "The SAP system or a proxy before it does not answer; try again later.",
  "sap-error":
    "SAP failed while it worked on the request; the SAP administrator finds details in transaction /IWFND/ERROR_LOG.",
};

/** What the caller can do about an error of SAP. */
export function guidanceFor(
  kind: FailureKind,
  answer: SapAnswer,
  error: Omit<FailureSign, "status">,
): string | undefined {
  if (Object.hasOwn(byCode, error.code)) return byCode[error.code];
  if (kind !== "unauthorized") {
    const sign = { status: answer.status, ...error };
    return signs.find(({ matches }) => matches(sign))?.guidance ?? byKind[kind];
  }
  const isPage = answer.status < 400 || (answer.headers["content-type"] ?? "").includes("html");
  return isPage
    ? "SAP asked for a logon with a page. Often the destination lacks sap-client, or its user or password is wrong; the administrator should look at the destination."
    : "SAP did not accept the logon of the destination; the administrator should look at its credentials.";
}
