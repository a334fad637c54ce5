import { classifyInboundRequest, createMcpHandler, isJsonContentType } from "@modelcontextprotocol/server";
import type { Logger } from "@sap-mcp/shared/logger.ts";
import type { CreateServer } from "./create-server.ts";
import type { McpExchange } from "./exchange.ts";
import { jsonRpcErrorResponse } from "./json-rpc-response.ts";
import type { LegacyEndpoint } from "./legacy/legacy-endpoint.ts";

export interface McpEndpoint extends AsyncDisposable {
  /** Answers a request of either era. Rejects only for defects and a Redis that went away. */
  readonly answer: (exchange: McpExchange) => Promise<Response>;
}

/** Splits the eras: 2026-07-28 requests stand alone, 2025-era requests belong to a session. */
export function createMcpEndpoint(createServer: CreateServer, legacy: LegacyEndpoint, log: Logger): McpEndpoint {
  const modern = createMcpHandler(({ requestInfo }) => createServer(requestInfo as unknown as McpExchange), {
    legacy: "reject",
    keepAliveMs: 15_000,
    onerror: (error) => log.debug({ err: error }, "request refused"),
  });
  return {
    answer: (exchange) => {
      if (exchange.method !== "POST") return legacy.answer(exchange);
      if (!isJsonContentType(exchange.headers.get("content-type"))) {
        return refuse(415, -32000, "Content-Type must be application/json.");
      }
      if (exchange.body === undefined) return refuse(400, -32700, "The body is empty; send one JSON-RPC message.");
      const era = classifyInboundRequest({
        httpMethod: exchange.method,
        ...standardHeadersOf(exchange),
        body: exchange.body,
      });
      if (era.kind === "legacy") return legacy.answer(exchange);
      return modern.fetch(exchange as unknown as Request, { parsedBody: exchange.body });
    },
    [Symbol.asyncDispose]: () => modern.close(),
  };
}

function standardHeadersOf({ headers }: McpExchange) {
  const version = headers.get("mcp-protocol-version");
  const method = headers.get("mcp-method");
  const name = headers.get("mcp-name");
  return {
    ...(version !== null && { protocolVersionHeader: version }),
    ...(method !== null && { mcpMethodHeader: method }),
    ...(name !== null && { mcpNameHeader: name }),
  };
}

function refuse(httpStatus: number, code: number, message: string): Promise<Response> {
  return Promise.resolve(jsonRpcErrorResponse(httpStatus, { code, message }));
}
