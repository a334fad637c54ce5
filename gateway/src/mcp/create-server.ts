import { Server } from "@modelcontextprotocol/server";
import type { ServerCapabilities, ServerOptions } from "@modelcontextprotocol/server";
import type { McpExchange } from "./exchange.ts";
import type { McpFeature } from "./feature.ts";

export interface McpServerDescription {
  readonly version: string;
  readonly features: readonly McpFeature[];
  /** Told to the model once; how to find its way. */
  readonly instructions?: string | undefined;
  /** For features that ask the client something (multi round trip). */
  readonly requestState?: ServerOptions["requestState"];
}

/** Makes the SDK server that serves one request; nothing in it outlives the request. */
export type CreateServer = (exchange: McpExchange) => Server;

export function prepareServer(description: McpServerDescription): CreateServer {
  const capabilities: ServerCapabilities = Object.assign({}, ...description.features.map((it) => it.capabilities));
  const listTtl = { ttlMs: 300_000, cacheScope: "public" } as const;
  const options: ServerOptions = {
    capabilities,
    cacheHints: {
      "server/discover": listTtl,
      "tools/list": listTtl,
      "resources/list": listTtl,
      "resources/templates/list": listTtl,
    },
    ...(description.instructions !== undefined && { instructions: description.instructions }),
    ...(description.requestState !== undefined && { requestState: description.requestState }),
  };
  return (exchange) => {
    const server = new Server(
      { name: "sap-mcp-server", title: "SAP MCP server", version: description.version },
      options,
    );
    for (const feature of description.features) feature.install(server, exchange);
    return server;
  };
}
