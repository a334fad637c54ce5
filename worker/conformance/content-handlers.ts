import { setTimeout } from "node:timers/promises";
import type { FixtureAnswer } from "@sap-mcp/shared/conformance/fixture-jobs.ts";
import { redPixel, silence } from "@sap-mcp/shared/conformance/fixture-media.ts";
import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { JobContext } from "../src/jobs/job-handler.ts";
import type { FixtureHandlers } from "./fixture-handlers.ts";

/** A content block of MCP; its other fields depend on its type. */
type Block = { readonly type: string } & Readonly<Record<string, unknown>>;

const image = { type: "image", data: redPixel, mimeType: "image/png" };
const stepMs = 50;

/** The tools that answer without asking anybody. */
export const contentHandlers = {
  test_simple_text: () => text("This is a simple text response for testing."),
  test_image_content: () => content(image),
  test_audio_content: () => content({ type: "audio", data: silence, mimeType: "audio/wav" }),
  test_embedded_resource: () =>
    content(resource("test://embedded-resource", "text/plain", "This is an embedded resource content.")),
  test_multiple_content_types: () =>
    content(
      { type: "text", text: "Multiple content types test:" },
      image,
      resource("test://mixed-content-resource", "application/json", '{"test":"data","value":123}'),
    ),
  test_error_handling: () => fail("rejected", "This tool intentionally returns an error for testing"),
  test_tool_with_logging: async (_round, context) => {
    await reportSteps(context, ["Tool execution started", "Tool processing data", "Tool execution completed"]);
    return text("Three log messages were sent.");
  },
  test_logging_tool: async (_round, context) => {
    await reportSteps(context, ["Logged while the tool ran"]);
    return text("One log message was sent, if the client wanted it.");
  },
  test_tool_with_progress: async (_round, context) => {
    await reportSteps(context, ["Begun", "Halfway", "Done"]);
    return text("Three steps were reported.");
  },
  test_reconnection: async (_round, context) => {
    await reportSteps(context, ["The gateway closes the stream now", "The client should be back soon"]);
    return text("The call went on without a stream.");
  },
  json_schema_2020_12_tool: (round) => text(`The arguments were ${JSON.stringify(round.arguments)}.`),
} satisfies Partial<FixtureHandlers>;

/** Answers with one text block. */
export function text(words: string): Outcome<FixtureAnswer> {
  return content({ type: "text", text: words });
}

function content(...blocks: Block[]): Outcome<FixtureAnswer> {
  return succeed({ content: blocks });
}

function resource(uri: string, mimeType: string, words: string): Block {
  return { type: "resource", resource: { uri, mimeType, text: words } };
}

async function reportSteps(context: JobContext, messages: readonly string[]): Promise<void> {
  for (const [step, message] of messages.entries()) {
    if (step > 0) await setTimeout(stepMs, undefined, { signal: context.signal });
    await context.report({ progress: (100 * step) / Math.max(1, messages.length - 1), total: 100, message });
  }
}
