import { randomUUID } from "node:crypto";
import type { Caller } from "@sap-mcp/shared/caller.ts";
import type { Logger } from "@sap-mcp/shared/logger.ts";
import express from "express";
import type { ErrorRequestHandler, Request, Response as ExpressResponse, Router } from "express";
import type { Authenticate } from "./authenticate.ts";
import type { LimitRate, RateRefusal } from "./rate-limits.ts";
import { sendJsonRpcError } from "./send-json-rpc-error.ts";
import { sendWebResponse } from "./send-web-response.ts";

/** One request, ready for the MCP endpoint. */
export interface AuthenticatedRequest {
  readonly method: string;
  readonly headers: { get(name: string): string | null };
  readonly body: unknown;
  readonly signal: AbortSignal;
  readonly caller: Caller;
  readonly correlationId: string;
  readonly traceparent: string | undefined;
  readonly destination: string | undefined;
}

export interface McpRoutesOptions {
  readonly answer: (request: AuthenticatedRequest) => Promise<Response>;
  /** Those that have an endpoint of their own, `/mcp/<destination>`, besides the general one. */
  readonly destinations: readonly string[];
  readonly authenticate: Authenticate;
  readonly limitRate: LimitRate;
  /** Whether Redis is there; nothing can be answered without it. */
  readonly isAvailable: () => boolean;
  readonly maxBodyBytes: number;
  readonly keepAliveAfterMs: number;
  readonly log: Logger;
}

/** The routes of the MCP endpoint; whatever comes in, the answer is JSON-RPC. */
export function mcpRoutes(options: McpRoutesOptions): Router {
  const router = express.Router();
  router.all(
    "/mcp{/:destination}",
    (req, res, next) => {
      const { destination } = req.params;
      if (destination === undefined || options.destinations.includes(destination)) next();
      else sendUnknownDestination(res, options.destinations);
    },
    (_req, res, next) => {
      if (options.isAvailable()) next();
      else sendUnavailable(res);
    },
    express.json({ limit: options.maxBodyBytes, strict: false }),
    async (req, res) => {
      const correlationId = correlationIdOf(req);
      res.setHeader("x-correlationid", correlationId);
      const gone = new AbortController();
      res.once("close", () => {
        if (!res.writableFinished) gone.abort();
      });
      const caller = await options.authenticate(req.headers);
      const refusal = req.method === "POST" ? await options.limitRate(caller) : undefined;
      if (refusal !== undefined) {
        sendTooMany(res, req.body, refusal);
        return;
      }
      const pending = options.answer({
        method: req.method,
        headers: { get: (name) => req.get(name) ?? null },
        body: req.body as unknown,
        signal: gone.signal,
        caller,
        correlationId,
        traceparent: req.get("traceparent"),
        destination: req.params.destination,
      });
      const mayStream = req.method === "POST" && req.get("accept")?.includes("text/event-stream") === true;
      await sendWebResponse(res, pending, mayStream ? options.keepAliveAfterMs : undefined);
    },
  );
  router.use(errorHandler(options));
  return router;
}

function sendUnknownDestination(res: ExpressResponse, destinations: readonly string[]): void {
  const message = `There is no such destination; the endpoints are /mcp and ${destinations.map((name) => `/mcp/${encodeURIComponent(name)}`).join(", ")}.`;
  sendJsonRpcError(res, 404, { code: -32602, message });
}

function sendUnavailable(res: ExpressResponse): void {
  res.setHeader("retry-after", "1");
  sendJsonRpcError(res, 503, {
    code: -32012,
    message: "The server can't reach its queue at the moment; try again in a second.",
  });
}

function sendTooMany(res: ExpressResponse, body: unknown, { message, retryAfterS }: RateRefusal): void {
  const id = typeof body === "object" && body !== null && "id" in body ? body.id : undefined;
  res.setHeader("retry-after", String(retryAfterS));
  const known = typeof id === "string" || typeof id === "number" ? id : null;
  sendJsonRpcError(res, 429, { code: -32005, message }, known);
}

/** The platform's id of the request if there is one, so that its logs and ours meet. */
function correlationIdOf(req: Request): string {
  const given = req.get("x-correlationid") ?? req.get("x-vcap-request-id");
  return given !== undefined && /^[\w.-]{1,128}$/.test(given) ? given : randomUUID();
}

function errorHandler({ isAvailable, maxBodyBytes, log }: McpRoutesOptions): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error: { type?: string; status?: number }, _req, res, _next) => {
    if (res.headersSent) {
      log.error({ err: error }, "an answer broke off");
      res.end();
    } else if (error.type === "entity.too.large") {
      sendJsonRpcError(res, 413, { code: -32000, message: `The body is longer than ${maxBodyBytes} bytes.` });
    } else if (error.type === "entity.parse.failed") {
      sendJsonRpcError(res, 400, { code: -32700, message: "The body is not valid JSON." });
    } else if (error.type === "encoding.unsupported" || error.type === "charset.unsupported") {
      sendJsonRpcError(res, 415, { code: -32000, message: "The body's encoding is not supported; send UTF-8." });
    } else if (error.status !== undefined && error.status < 500) {
      sendJsonRpcError(res, 400, { code: -32000, message: "The body could not be read." });
    } else if (!isAvailable()) {
      sendUnavailable(res);
    } else {
      log.error({ err: error }, "a request failed");
      sendJsonRpcError(res, 500, { code: -32603, message: "Internal error." });
    }
  };
}
