import type { IncomingHttpHeaders } from "node:http";
import { headerOf, wantsJson } from "../odata/odata-message.ts";
import type { ODataAnswer, ODataRequest } from "../odata/odata-message.ts";
import { refuse } from "../odata/sap-error.ts";
import { writeError } from "../odata/write-error.ts";
import type { SandboxUser } from "../services/access.ts";
import type { CallContext, ExecutedWrite } from "../services/call-context.ts";
import { handleBatch } from "../services/handle-batch.ts";
import { handleOData } from "../services/handle-odata.ts";
import { authenticate } from "./authenticate.ts";
import { htmlPage } from "./html-page.ts";
import type { SandboxState } from "./sandbox-state.ts";

/** A request as it came over HTTP. */
export interface SapRequest {
  readonly method: string;
  /** Path as it came, percent-encoded. */
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An answer whose headers may hold several cookies. */
export interface SapAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string;
}

/** Client and logon, then the service, then its CSRF protection: the order in which SAP looks at a request. */
export function answerSap(request: SapRequest, state: SandboxState): SapAnswer {
  const client = /(?:^|&)sap-client=([^&]*)/.exec(request.query)?.[1] ?? headerOf(request.headers, "sap-client");
  if (client !== undefined && client !== state.client)
    return htmlPage(401, "Logon failed", `Client ${client} does not exist in system S4H`);
  const user = authenticate(headerOf(request.headers, "authorization"), state.users);
  if (user === undefined)
    return withHeaders(htmlPage(401, "Logon failed", "User or password is wrong"), {
      "www-authenticate": 'Basic realm="SAP NetWeaver Application Server [S4H/100]"',
    });
  if (request.path === "/sap/bc/ping") return htmlPage(200, "Server reached", "Server reached successfully");
  const found = state.findService(request.path);
  if (found === undefined) return htmlPage(404, "Not found", "The requested resource does not exist");
  if ("unregistered" in found) return answerUnregistered(request, found.unregistered);

  const isRead = request.method === "GET" || request.method === "HEAD";
  const cookie = headerOf(request.headers, "cookie");
  const token = headerOf(request.headers, "x-csrf-token");
  if (!isRead && !state.sessions.accepts(cookie, token, user.name)) {
    return {
      status: 403,
      headers: { "content-type": "text/plain;charset=utf-8", "x-csrf-token": "Required" },
      body: "CSRF token validation failed",
    };
  }
  const context: CallContext = {
    service: found.service,
    user,
    serviceUrl: `http://${hostOf(request)}${found.service.definition.root}`,
    onWrite: (write) => record(write, user, state),
  };
  const inner: ODataRequest = { ...request, method: tunnelled(request), path: found.path };
  const answer = inner.path === "$batch" ? handleBatch(inner, context) : handleOData(inner, context);
  if (!isRead || token?.toLowerCase() !== "fetch") return answer;
  const fetched = state.sessions.fetchToken(cookie, user.name);
  return withHeaders(answer, {
    "x-csrf-token": fetched.token,
    ...(fetched.cookies.length > 0 && {
      "set-cookie": [...fetched.cookies, `sap-usercontext=sap-client=${state.client}; path=/`],
    }),
  });
}

/** The host as the client names it; what can be no part of a host is left out. */
function hostOf({ headers }: SapRequest): string {
  return headers.host?.replaceAll(/[^\w.:[\]-]/g, "") ?? "localhost";
}

/** Clients behind proxies that know no MERGE send it as POST. */
function tunnelled({ method, headers }: SapRequest): string {
  return method === "POST" ? (headerOf(headers, "x-http-method")?.toUpperCase() ?? method) : method;
}

function answerUnregistered(
  request: SapRequest,
  { name, version }: { name: string; version: "V2" | "V4" },
): ODataAnswer {
  const error = refuse("no-service", `No service found for namespace '', name '${name}', version '0001'`);
  return writeError(error, { version, json: wantsJson(request, version), service: undefined });
}

function record(write: ExecutedWrite, user: SandboxUser, { ledger }: SandboxState): void {
  const idempotencyKey = ["idempotency-key", "x-idempotency-key", "repeatability-request-id", "requestid"]
    .map((name) => headerOf(write.headers, name))
    .find((value) => value !== undefined);
  const correlationId = headerOf(write.headers, "x-correlation-id") ?? headerOf(write.headers, "x-correlationid");
  ledger.add({
    method: write.method,
    service: write.service,
    path: write.path,
    key: write.key,
    user: user.name,
    idempotencyKey,
    correlationId,
  });
}

function withHeaders(answer: SapAnswer, headers: SapAnswer["headers"]): SapAnswer {
  return { ...answer, headers: { ...answer.headers, ...headers } };
}
