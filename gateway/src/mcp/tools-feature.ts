import { ProtocolError } from "@modelcontextprotocol/server";
import type { ClientCapabilities, ListToolsResult, ServerContext } from "@modelcontextprotocol/server";
import { suggestNames } from "@sap-mcp/shared/suggest-names.ts";
import { callSap } from "./call-sap.ts";
import type { SapAccess, SapOutcome, SapRequest } from "./call-sap.ts";
import type { McpExchange } from "./exchange.ts";
import type { McpFeature } from "./feature.ts";
import { openProgressRelay } from "./progress-relay.ts";
import { callAsTask } from "./tasks/call-as-task.ts";
import type { TaskHandle } from "./tasks/call-as-task.ts";
import { installTaskMethods } from "./tasks/task-methods.ts";
import { declaresTasks, tasksExtension } from "./tasks/tasks-extension.ts";
import { resultOfFailure, resultOfJson, withIdempotencyKey } from "./tool-result.ts";
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
    capabilities: { tools: {}, extensions: { [tasksExtension]: {} } },
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
        const capabilities = server.getClientCapabilities();
        return callTool(tool, params.arguments ?? {}, { access, exchange, context, capabilities });
      });
      const toolOf = async (name: string, context: ServerContext) =>
        (await provide(exchange, context.mcpReq.signal)).byName.get(name);
      installTaskMethods(server, { access, exchange, toolOf });
    },
  };
}

interface CallScene {
  readonly access: SapAccess;
  readonly exchange: McpExchange;
  readonly context: ServerContext;
  readonly capabilities: ClientCapabilities | undefined;
}

async function callTool(
  tool: Tool,
  args: ToolArguments,
  { access, exchange, context, capabilities }: CallScene,
): Promise<ToolResult> {
  const contract = tool.contractOf === undefined ? tool.contract : tool.contractOf(args);
  if (contract === undefined) {
    return resultOfFailure({
      kind: "invalid-input",
      message: `The arguments do not say what ${nameOf(tool)} is to do.`,
      guidance: tool.description,
    });
  }
  const input = tool.toInput?.(args, context) ?? args;
  const consent = await access.confirmation.consentTo({ contract, input, exchange, context, capabilities });
  if (!consent.granted) {
    access.log.info({ job: contract.name, correlation_id: exchange.correlationId }, "call withheld");
    return consent.result;
  }
  using relay = openProgressRelay(context, tool.onProgress);
  const request: SapRequest = {
    contract,
    input,
    exchange,
    signal: context.mcpReq.signal,
    onProgress: relay?.onProgress,
    idempotencyKey: consent.idempotencyKey,
  };
  const outcome: SapOutcome | TaskHandle = declaresTasks(context.mcpReq.envelope)
    ? await callAsTask(access, request, { tool, args })
    : await callSap(access, request);
  if ("resultType" in outcome) return outcome;
  const result = outcome.ok
    ? await (tool.toResult ?? resultOfJson)(outcome.value, context)
    : resultOfFailure(outcome.failure);
  return withIdempotencyKey(result, outcome.idempotencyKey);
}
