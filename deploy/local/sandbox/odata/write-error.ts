import { createHash } from "node:crypto";
import type { ODataVersion, ServiceDefinition } from "../model/service-definition.ts";
import type { ODataAnswer } from "./odata-message.ts";
import type { SapError } from "./sap-error.ts";
import { element, escapeXml } from "./xml-text.ts";

export interface ErrorForm {
  readonly version: ODataVersion;
  readonly json: boolean;
  readonly service: Pick<ServiceDefinition, "id"> | undefined;
}

let transactions = 0;

/** The answer to a request that failed, in the envelope of its version and the format that the client asked for. */
export function writeError(error: SapError, form: ErrorForm): ODataAnswer {
  const { status } = error.refusal;
  const transactionId = createHash("md5").update(`${process.pid}:${++transactions}`).digest("hex").toUpperCase();
  if (!form.json)
    return {
      status,
      headers: { "content-type": "application/xml;charset=utf-8" },
      body: writeXml(error, form, transactionId),
    };
  const body = form.version === "V2" ? bodyV2(error, form, transactionId) : bodyV4(error, transactionId);
  return {
    status,
    headers: { "content-type": "application/json;charset=utf-8" },
    body: JSON.stringify({ error: body }),
  };
}

function bodyV2(error: SapError, { service }: ErrorForm, transactionId: string) {
  const code = error.refusal.v2;
  const detail = {
    code,
    message: error.message,
    propertyref: error.target ?? "",
    severity: "error",
    transition: false,
    target: error.target ?? "",
  };
  return {
    code,
    message: { lang: "en", value: error.message },
    innererror: {
      application: {
        component_id: "",
        service_namespace: "/SAP/",
        service_id: service?.id ?? "",
        service_version: "0001",
      },
      transactionid: transactionId,
      timestamp: `${new Date().toISOString().replaceAll(/[-:TZ]/g, "")}0000`,
      Error_Resolution: {
        SAP_Transaction:
          'For backend administrators: use ADT feed reader "SAP Gateway Error Log" or run transaction /IWFND/ERROR_LOG on SAP Gateway hub system and search for entries with the timestamp above for more details',
        SAP_Note: "See SAP Note 1797736 for error analysis (https://service.sap.com/sap/support/notes/1797736)",
      },
      errordetails: [detail],
    },
  };
}

function bodyV4(error: SapError, transactionId: string) {
  const code = error.refusal.v4;
  return {
    code,
    message: error.message,
    ...(error.target !== undefined && { target: error.target }),
    "@SAP__common.ExceptionCategory": error.refusal.status >= 500 ? "Server_Error" : "Client_Error",
    innererror: {
      ErrorDetails: {
        "@SAP__common.Application": {
          ComponentId: "",
          ServiceRepository: "SRVD_A2X",
          ServiceId: "",
          ServiceVersion: "0001",
        },
      },
      "SAP__core.TransactionId": transactionId,
    },
    details: [
      {
        code,
        message: error.message,
        ...(error.target !== undefined && { target: error.target }),
        "@SAP__common.numericSeverity": 4,
      },
    ],
  };
}

function writeXml(error: SapError, { version }: ErrorForm, transactionId: string): string {
  const namespace =
    version === "V2"
      ? "http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"
      : "http://docs.oasis-open.org/odata/ns/metadata";
  return `<?xml version="1.0" encoding="utf-8"?>${element("error", { xmlns: namespace }, [
    `<code>${escapeXml(version === "V2" ? error.refusal.v2 : error.refusal.v4)}</code>`,
    element("message", version === "V2" ? { "xml:lang": "en" } : {}, [escapeXml(error.message)]),
    `<innererror><transactionid>${transactionId}</transactionid></innererror>`,
  ])}`;
}
