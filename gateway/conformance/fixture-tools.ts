import { CLIENT_CAPABILITIES_META_KEY, inputRequired, ProtocolError } from "@modelcontextprotocol/server";
import type { CallToolResult, InputRequests, RequestStateCodec, ServerContext } from "@modelcontextprotocol/server";
import { argumentsSchemaOf, fixtureAnswerSchema, fixtureJobs } from "@sap-mcp/shared/conformance/fixture-jobs.ts";
import type { FixtureRound } from "@sap-mcp/shared/conformance/fixture-jobs.ts";
import type { Progress } from "@sap-mcp/shared/reply.ts";
import { requireTasks } from "../src/mcp/tasks/tasks-extension.ts";
import type { Tool, ToolResult } from "../src/mcp/tool.ts";
import { jsonSchema202012 } from "./json-schema-2020-12.ts";

/** What a tool that asks its client gives to itself for the next round. */
export type FixtureState = Record<string, unknown>;

/** What these tools' progress stands for. */
const onProgress: Readonly<Record<string, NonNullable<Tool["onProgress"]>>> = {
  test_tool_with_logging: logMessage,
  test_logging_tool: logMessage,
};

/** Tools that the suite does not want to be called by clients without tasks. */
const needTasks = ["failing_job", "test_tool_with_task"];

/** The tools of the MCP conformance suite; the workers run them. */
export function fixtureTools(stateCodec: RequestStateCodec<FixtureState>): readonly Tool[] {
  return fixtureJobs.map((contract) => ({
    title: contract.name.replaceAll("_", " "),
    description: "A tool for the MCP conformance suite",
    contract,
    annotations: { readOnlyHint: true },
    inputSchema:
      contract.name === "json_schema_2020_12_tool"
        ? jsonSchema202012
        : (argumentsSchemaOf(contract.name) as NonNullable<Tool["inputSchema"]>),
    toInput: (args, context) => {
      if (needTasks.includes(contract.name)) requireTasks(context);
      return roundOf(args, context);
    },
    toResult: (json, context) => resultOf(json, stateCodec, context),
    ...(onProgress[contract.name] !== undefined && { onProgress: onProgress[contract.name] }),
  }));
}

function roundOf(args: Readonly<Record<string, unknown>>, { mcpReq }: ServerContext): FixtureRound<unknown> {
  const envelope = mcpReq.envelope as Readonly<Record<string, Record<string, unknown>>> | undefined;
  return {
    arguments: args,
    inputResponses: mcpReq.inputResponses,
    state: mcpReq.requestState<FixtureState>(),
    capabilities: envelope?.[CLIENT_CAPABILITIES_META_KEY],
  };
}

/** The worker's content or questions as a result; its state is sealed, since it travels by way of the client. */
async function resultOf(
  json: Buffer,
  stateCodec: RequestStateCodec<FixtureState>,
  context: ServerContext,
): Promise<ToolResult> {
  const answer = fixtureAnswerSchema.parse(JSON.parse(json.toString()));
  // The SDK checks the blocks of a result before it sends them, as it does with questions.
  if ("protocolError" in answer) throw new ProtocolError(-32603, answer.protocolError);
  if ("content" in answer) return { content: answer.content as CallToolResult["content"] };
  return inputRequired({
    inputRequests: answer.inputRequests as InputRequests,
    ...(answer.state !== undefined && { requestState: await stateCodec.mint(answer.state, context) }),
  });
}

function logMessage({ message }: Progress, { mcpReq }: ServerContext): void {
  // A client that has gone misses the message.
  mcpReq.log("info", message).catch(() => undefined);
}
