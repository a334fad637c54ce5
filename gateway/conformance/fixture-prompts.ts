import { acceptedContent, inputRequired, ProtocolError } from "@modelcontextprotocol/server";
import type { GetPromptResult, InputRequiredResult, PromptMessage, ServerContext } from "@modelcontextprotocol/server";
import { redPixel } from "@sap-mcp/shared/conformance/fixture-media.ts";
import type { McpFeature } from "../src/mcp/feature.ts";

interface FixturePrompt {
  readonly description: string;
  /** All of them are required. */
  readonly arguments: readonly string[];
  readonly get: (
    args: Readonly<Record<string, string>>,
    context: ServerContext,
  ) => GetPromptResult | InputRequiredResult;
}

const prompts: Readonly<Record<string, FixturePrompt>> = {
  test_simple_prompt: {
    description: "A prompt without arguments",
    arguments: [],
    get: () => say({ type: "text", text: "This is a simple prompt for testing." }),
  },
  test_prompt_with_arguments: {
    description: "A prompt with two arguments",
    arguments: ["arg1", "arg2"],
    get: ({ arg1, arg2 }) => say({ type: "text", text: `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'` }),
  },
  test_prompt_with_embedded_resource: {
    description: "A prompt that contains a resource",
    arguments: ["resourceUri"],
    get: ({ resourceUri = "" }) => {
      const resource = { uri: resourceUri, mimeType: "text/plain", text: "Embedded resource content for testing." };
      return say({ type: "resource", resource }, { type: "text", text: "Please process the embedded resource above." });
    },
  },
  test_prompt_with_image: {
    description: "A prompt that contains an image",
    arguments: [],
    get: () =>
      say(
        { type: "image", data: redPixel, mimeType: "image/png" },
        { type: "text", text: "Please analyze the image above." },
      ),
  },
  test_input_required_result_prompt: {
    description: "A prompt that asks the user first",
    arguments: [],
    get: (_args, { mcpReq }) => {
      const given = acceptedContent(mcpReq.inputResponses, "user_context");
      if (given !== undefined) return say({ type: "text", text: `Prompt with context: ${String(given["context"])}` });
      const user_context = inputRequired.elicit({
        message: "What context should the prompt use?",
        requestedSchema: { type: "object", properties: { context: { type: "string" } }, required: ["context"] },
      });
      return inputRequired({ inputRequests: { user_context } });
    },
  },
};
const list = Object.entries(prompts).map(([name, prompt]) => ({
  name,
  description: prompt.description,
  arguments: prompt.arguments.map((argument) => ({ name: argument, description: "Any text", required: true })),
}));
const words = ["testing", "test", "paris", "park", "party"];

/** The prompts of the MCP conformance suite, and completion of their arguments. */
export const fixturePrompts: McpFeature = {
  capabilities: { prompts: {}, completions: {} },
  install: (server) => {
    server.setRequestHandler("prompts/list", () => ({ prompts: list }));
    server.setRequestHandler("prompts/get", ({ params }, context) => {
      const prompt = prompts[params.name];
      if (prompt === undefined) throw new ProtocolError(-32602, `Unknown prompt: ${params.name}`);
      return prompt.get(params.arguments ?? {}, context);
    });
    server.setRequestHandler("completion/complete", ({ params: { argument } }) => {
      const values = words.filter((word) => word.startsWith(argument.value));
      return { completion: { values, total: values.length, hasMore: false } };
    });
  },
};

function say(...blocks: PromptMessage["content"][]): GetPromptResult {
  return { messages: blocks.map((content) => ({ role: "user", content })) };
}
