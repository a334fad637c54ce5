import { ProtocolError } from "@modelcontextprotocol/server";
import type { ServerContext } from "@modelcontextprotocol/server";
import { failureTable } from "@sap-mcp/shared/failure.ts";
import type { Failure } from "@sap-mcp/shared/failure.ts";
import { fail } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { Logger } from "@sap-mcp/shared/logger.ts";
import { suggestNames } from "@sap-mcp/shared/suggest-names.ts";
import { z } from "zod";
import type { CallClient } from "../jobs/call-client.ts";
import type { McpExchange } from "./exchange.ts";
import type { McpFeature } from "./feature.ts";
import { openProgressRelay } from "./progress-relay.ts";
import { resultOfFailure, resultOfJson } from "./tool-result.ts";
import { listingOf } from "./tool.ts";
import type { Tool, ToolResult } from "./tool.ts";

export interface ToolCalls {
  readonly calls: CallClient;
  readonly destinations: readonly string[];
  readonly defaultDestination: string;
  readonly allowWrites: boolean;
  readonly timeoutMs: number;
  readonly log: Logger;
}

/** tools/list and tools/call over the given tools; each call becomes a job. */
export function toolsFeature(tools: readonly Tool[], toolCalls: ToolCalls): McpFeature {
  const byName = new Map(tools.map((tool) => [tool.contract.name, tool]));
  const list = { tools: tools.map(listingOf) };
  return {
    capabilities: { tools: {} },
    install: (server, exchange) => {
      server.setRequestHandler("tools/list", () => list);
      server.setRequestHandler("tools/call", async ({ params }, context) => {
        const tool = byName.get(params.name);
        if (tool === undefined) {
          const nearest = suggestNames(params.name, byName.keys(), 3).join(", ");
          throw new ProtocolError(-32602, `Unknown tool: ${params.name}. The nearest are: ${nearest}`);
        }
        return callTool(tool, params.arguments ?? {}, { toolCalls, exchange, context });
      });
    },
  };
}

interface CallScene {
  readonly toolCalls: ToolCalls;
  readonly exchange: McpExchange;
  readonly context: ServerContext;
}

async function callTool(tool: Tool, args: Record<string, unknown>, scene: CallScene): Promise<ToolResult> {
  const startedAt = performance.now();
  const outcome = await runTool(tool, tool.toInput?.(args, scene.context) ?? args, scene);
  const { log } = scene.toolCalls;
  const facts = {
    tool: tool.contract.name,
    outcome: outcome.ok ? "ok" : outcome.failure.kind,
    duration_ms: Math.round((performance.now() - startedAt) * 10) / 10,
    correlation_id: scene.exchange.correlationId,
    tenant_id: scene.exchange.caller.tenant,
  };
  log[outcome.ok ? "info" : failureTable[outcome.failure.kind].logLevel](facts, "tool call finished");
  if (!outcome.ok) return resultOfFailure(outcome.failure);
  return await (tool.toResult ?? resultOfJson)(outcome.value, scene.context);
}

async function runTool(tool: Tool, args: unknown, scene: CallScene): Promise<Outcome<Buffer>> {
  const { toolCalls, exchange, context } = scene;
  const parsed = tool.contract.input.safeParse(args);
  if (!parsed.success) return { ok: false, failure: failureOfArguments(tool, parsed.error) };
  const input = parsed.data as { destination?: string };
  const destination = input.destination ?? toolCalls.defaultDestination;
  if (!toolCalls.destinations.includes(destination)) {
    const nearest = suggestNames(destination, toolCalls.destinations, 3).join(", ");
    return fail("unknown-destination", `There is no destination "${destination}".`, {
      guidance: `The nearest are: ${nearest}.`,
    });
  }
  if (!toolCalls.allowWrites && tool.contract.effect(input) === "write") {
    return fail("read-only", "This server does not change data in SAP.", {
      guidance: "Only read and read-single are possible; an administrator can switch writing on (SAP_ALLOW_WRITES).",
    });
  }
  using relay = openProgressRelay(context, tool.onProgress);
  return await toolCalls.calls.call({
    contract: tool.contract,
    input,
    destination,
    caller: exchange.caller,
    correlationId: exchange.correlationId,
    traceparent: exchange.traceparent,
    timeoutMs: toolCalls.timeoutMs,
    signal: context.mcpReq.signal,
    onProgress: relay?.onProgress,
  });
}

/** Wrong arguments are a tool error and not a protocol error, so that the model sees what to mend (SEP-1303). */
function failureOfArguments(tool: Tool, error: z.ZodError): Failure {
  const known = Object.keys(listingOf(tool).inputSchema.properties ?? {});
  const unknown = error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys" && issue.path.length === 0 ? issue.keys : [],
  );
  const hints = unknown.map((name) => `"${name}" may be "${suggestNames(name, known, 1)[0]}"`);
  return {
    kind: "invalid-input",
    message: `The arguments of ${tool.contract.name} are wrong. ${z.prettifyError(error)}`,
    guidance:
      hints.length > 0
        ? `${hints.join("; ")}. Arguments are: ${known.join(", ")}.`
        : `Arguments are: ${known.join(", ")}.`,
  };
}
