import type { Failure, FailureKind } from "@sap-mcp/shared/failure.ts";
import type { SapAnswer } from "./answer.ts";
import { guidanceFor } from "./failure-guidance.ts";
import { parseJsonExactly } from "./parse-json.ts";
import { readXmlError } from "./read-xml-error.ts";

/** What SAP says in the body of an error, in whichever form. */
export interface SapError {
  readonly code?: string | undefined;
  readonly messages: readonly string[];
  readonly transactionId?: string | undefined;
}

const kinds: Readonly<Record<number, FailureKind>> = {
  401: "unauthorized",
  403: "forbidden",
  404: "not-found",
  409: "conflict",
  410: "not-found",
  412: "conflict",
  428: "conflict",
  429: "throttled",
  502: "sap-unavailable",
  503: "sap-unavailable",
  504: "sap-unavailable",
};

/** SAP Gateway says 403 or 404 for a service that the catalog lists but nobody has activated. */
const notRegistered = "/IWFND/MED/170";

const maxMessages = 6;
const maxLength = 1_500;

/** The failure that an answer of SAP with a status of 300 or above stands for; a page of HTML is never passed on. */
export function readFailure(answer: SapAnswer): Failure {
  const error = readError(answer.body);
  const messages = [...new Set(error.messages.map((it) => it.replace(/\s+/g, " ").trim()))].filter((it) => it !== "");
  const kind = error.code === notRegistered ? "unknown-service" : kindOf(answer.status);
  const guidance = guidanceFor(kind, answer, { code: error.code ?? "", text: messages.join(" ") });
  const retryAfterMs = retryAfterOf(answer.headers["retry-after"]);
  return {
    kind,
    message:
      messages.length === 0
        ? `SAP answered with status ${answer.status} and gave no reason.`
        : messages.slice(0, maxMessages).join(" | ").slice(0, maxLength),
    ...(guidance !== undefined && { guidance }),
    ...(error.code && { sapCode: error.code }),
    ...(error.transactionId && { correlationId: error.transactionId }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

function kindOf(status: number): FailureKind {
  // A redirect leads to a logon page: OData itself never redirects.
  if (status < 400) return "unauthorized";
  return kinds[status] ?? (status < 500 ? "rejected" : "sap-error");
}

function readError(body: string): SapError {
  const json = parseJsonExactly(body);
  if (isObject(json)) return readJsonError(json);
  const start = body.trimStart().slice(0, 200).toLowerCase();
  if (start.startsWith("<!doctype html") || start.startsWith("<html")) return { messages: [titleOf(body)] };
  return start.startsWith("<") ? readXmlError(body) : { messages: [] };
}

/** `{error: {code, message, innererror, details}}`, where V2 has `message.value` and puts the details into `innererror`. */
function readJsonError(json: Record<string, unknown>): SapError {
  const error = isObject(json["error"]) ? json["error"] : {};
  const inner = isObject(error["innererror"]) ? error["innererror"] : {};
  const details = [error["details"], inner["errordetails"]].flatMap((it) => (Array.isArray(it) ? it : []));
  return {
    code: textOf(error["code"]),
    messages: [messageOf(error), ...details.map((it) => (isObject(it) ? messageOf(it) : ""))],
    transactionId: textOf(inner["transactionid"]),
  };
}

function messageOf(holder: Record<string, unknown>): string {
  const message = holder["message"];
  return textOf(isObject(message) ? message["value"] : message) ?? "";
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function titleOf(html: string): string {
  const title = /<title[^>]*>([^<]{1,200})/i.exec(html.slice(0, 20_000))?.[1] ?? "";
  return title.trim() === "" ? "" : `SAP answered with a page titled "${title.trim()}".`;
}

/** Retry-After is a number of seconds or a date (RFC 9110 section 10.2.3). */
function retryAfterOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d{1,6}$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
