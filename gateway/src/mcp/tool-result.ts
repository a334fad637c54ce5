import type { CallToolResult } from "@modelcontextprotocol/server";
import { failureTable } from "@sap-mcp/shared/failure.ts";
import type { Failure } from "@sap-mcp/shared/failure.ts";

/** The worker's JSON as text for the model and as structuredContent for programs. */
export function resultOfJson(json: Buffer): CallToolResult {
  const text = json.toString();
  return { content: [{ type: "text", text }], structuredContent: JSON.parse(text) as Record<string, unknown> };
}

/** A failed call as a tool result that a model can act on. */
export function resultOfFailure(failure: Failure): CallToolResult {
  const { retryable } = failureTable[failure.kind];
  const sentences = [failure.message, failure.guidance].filter((sentence) => sentence !== undefined).map(endSentence);
  return {
    isError: true,
    content: [{ type: "text", text: `${failure.kind}: ${sentences.join(" ")}` }],
    structuredContent: { error: { ...failure, retryable } },
  };
}

/** SAP's messages mostly end without a full stop. */
function endSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
