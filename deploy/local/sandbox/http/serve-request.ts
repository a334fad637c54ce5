import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { wantsJson } from "../odata/odata-message.ts";
import { refuse, SapError } from "../odata/sap-error.ts";
import { writeError } from "../odata/write-error.ts";
import { answerSap } from "./answer-sap.ts";
import type { SapAnswer, SapRequest } from "./answer-sap.ts";
import { answerControl } from "./control-api.ts";
import type { FaultRule } from "./faults.ts";
import { htmlPage } from "./html-page.ts";
import type { SandboxState } from "./sandbox-state.ts";

const maxBodyBytes = 32 * 1024 * 1024;

/** Answers one HTTP request: the control API at once, everything else as SAP does, with the faults that are set. */
export async function serveRequest(
  incoming: IncomingMessage,
  response: ServerResponse,
  state: SandboxState,
): Promise<void> {
  const url = incoming.url ?? "/";
  const mark = url.indexOf("?");
  const path = mark < 0 ? url : url.slice(0, mark);
  const method = incoming.method ?? "GET";
  const isControl = path.startsWith("/sandbox/");
  if (!isControl) {
    state.traffic.begin(method, path);
    response.once("close", () => state.traffic.end(response.writableFinished ? response.statusCode : undefined));
  }
  const body = await readBody(incoming);
  if (body === undefined) {
    return send(response, htmlPage(413, "Request entity too large", "The body is larger than 32 MB"));
  }
  const request: SapRequest = {
    method,
    path,
    query: mark < 0 ? "" : url.slice(mark + 1),
    headers: incoming.headers,
    body,
  };
  if (isControl) return send(response, answerControl(request, state));

  const { delayMs, failure } = state.faults.disturb(url);
  if (delayMs > 0 && !(await waitUnlessClosed(delayMs, response))) return;
  if (failure !== undefined && failure.afterExecution !== true) return failWith(failure, request, response);
  const answer = answerSap(request, state);
  if (failure !== undefined) return failWith(failure, request, response);
  send(response, answer);
}

/** Undefined when the body is too large. */
async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  if (incoming.method === "GET" || incoming.method === "HEAD") return "";
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** False when the client went away meanwhile. */
async function waitUnlessClosed(delayMs: number, response: ServerResponse): Promise<boolean> {
  if (response.destroyed) return false;
  const closed = new AbortController();
  const abort = () => closed.abort();
  response.once("close", abort);
  try {
    await sleep(delayMs, undefined, { signal: closed.signal });
    return true;
  } catch {
    return false;
  } finally {
    response.off("close", abort);
  }
}

function failWith(failure: FaultRule, request: SapRequest, response: ServerResponse): void {
  // A request that hangs ends when the client gives up, or when the sandbox closes.
  if (failure.hang === true) return;
  if (failure.closeSocket === true) return void response.socket?.destroy();
  const status = failure.failStatus ?? 503;
  const version = request.path.startsWith("/sap/opu/odata4/") ? "V4" : "V2";
  const error = new SapError({ ...refuse("defect", "").refusal, status }, "The sandbox was told to fail this request");
  const answer =
    failure.html === true
      ? htmlPage(status, "Service cannot be reached", "The sandbox was told to fail this request")
      : writeError(error, { version, json: wantsJson(request, version), service: undefined });
  const retryAfter =
    failure.retryAfterSeconds === undefined ? {} : { "retry-after": String(failure.retryAfterSeconds) };
  send(response, { ...answer, headers: { ...answer.headers, ...retryAfter } });
}

function send(response: ServerResponse, { status, headers, body }: SapAnswer): void {
  if (response.destroyed) return;
  const bodyless = status === 204 || status === 304;
  response.writeHead(status, {
    ...(headers as Record<string, string | string[]>),
    ...(!bodyless && { "content-length": Buffer.byteLength(body) }),
    "sap-server": "true",
  });
  response.end(bodyless ? undefined : body);
}
