import type { Server, ServerCapabilities } from "@modelcontextprotocol/server";
import type { McpExchange } from "./exchange.ts";

/** A part of what the MCP server offers: installs its request handlers on the server object of one request. */
export interface McpFeature {
  readonly capabilities: ServerCapabilities;
  readonly install: (server: Server, exchange: McpExchange) => void;
}
