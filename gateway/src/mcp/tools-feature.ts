import { ProtocolError } from "@modelcontextprotocol/server";
import type { ListToolsResult, ServerContext } from "@modelcontextprotocol/server";
import { suggestNames } from "@sap-mcp/shared/suggest-names.ts";
import { callSap } from "./call-sap.ts";
import type { SapAccess } from "./call-sap.ts";
import type { McpExchange } from "./exchange.ts";
import type { McpFeature } from "./feature.ts";
import { openProgressRelay } from "./progress-relay.ts";
import { resultOfFailure, resultOfJson } from "./tool-result.ts";
import { listingOf, nameOf } from "./tool.ts";
import type { Tool, ToolArguments, ToolResult } from "./tool.ts";

/** Tools with their list as it is sent, made once. */
export interface ToolSet {
  readonly list: ListToolsResult;
  readonly byName: ReadonlyMap<string, Tool>;
}

export function toolSetOf(tools: readonly Tool[]): ToolSet {
  return { list: { tools: tools.map(listingOf) }, byName: new Map(tools.map((tool) => [nameOf(tool), tool])) };
}

/** Gives the tools for a request; they may differ by destination. */
export type ProvideTools = (exchange: McpExchange, signal: AbortSignal) => ToolSet | Promise<ToolSet>;

/** tools/list and tools/call; each call becomes a job. */
export function toolsFeature(provide: ProvideTools, access: SapAccess): McpFeature {
  return {
    capabilities: { tools: {} },
    install: (server, exchange) => {
      server.setRequestHandler(
        "tools/list",
        async (_request, context) => (await provide(exchange, context.mcpReq.signal)).list,
      );
      server.setRequestHandler("tools/call", async ({ params }, context) => {
        const { byName } = await provide(exchange, context.mcpReq.signal);
        const tool = byName.get(params.name);
        if (tool === undefined) {
          const nearest = suggestNames(params.name, byName.keys(), 3).join(", ");
          throw new ProtocolError(-32602, `Unknown tool: ${params.name}. The nearest are: ${nearest}`);
        }
        return callTool(tool, params.arguments ?? {}, { access, exchange, context });
      });
    },
  };
}

interface CallScene {
  readonly access: SapAccess;
  readonly exchange: McpExchange;
  readonly context: ServerContext;
}

async function callTool(
  tool: Tool,
  args: ToolArguments,
  { access, exchange, context }: CallScene,
): Promise<ToolResult> {
  const contract = tool.contractOf === undefined ? tool.contract : tool.contractOf(args);
  if (contract === undefined) {
    return resultOfFailure({
      kind: "invalid-input",
      message: `The arguments do not say what ${nameOf(tool)} is to do.`,
      guidance: tool.description,
    });
  }
  using relay = openProgressRelay(context, tool.onProgress);
  const outcome = await callSap(access, {
    contract,
    input: tool.toInput?.(args, context) ?? args,
    exchange,
    signal: context.mcpReq.signal,
    onProgress: relay?.onProgress,
  });
  if (!outcome.ok) return resultOfFailure(outcome.failure);
  return await (tool.toResult ?? resultOfJson)(outcome.value, context);
}
