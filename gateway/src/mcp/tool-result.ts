import type { CallToolResult } from "@modelcontextprotocol/server";
import { failureTable } from "@sap-mcp/shared/failure.ts";
import type { Failure } from "@sap-mcp/shared/failure.ts";
import type { ToolResult } from "./tool.ts";

/** The worker's JSON as text for the model and as structuredContent for programs. */
export function resultOfJson(json: Buffer): CallToolResult {
  const text = json.toString();
  return { content: [{ type: "text", text }], structuredContent: JSON.parse(text) as Record<string, unknown> };
}

/** A failed call as a tool result that a model can act on. */
export function resultOfFailure(failure: Failure): CallToolResult {
  const { retryable } = failureTable[failure.kind];
  const { message, guidance, idempotencyKey: key } = failure;
  const repeat = key === undefined ? undefined : `Repeated with idempotencyKey ${key}, it is not executed twice.`;
  const sentences = [message, guidance, repeat].filter((sentence) => sentence !== undefined).map(endSentence);
  return {
    isError: true,
    content: [{ type: "text", text: `${failure.kind}: ${sentences.join(" ")}` }],
    structuredContent: { error: { ...failure, retryable } },
  };
}

/** Tells programs the key under which a write can be repeated; models hear of it only where they need it. */
export function withIdempotencyKey<Result extends ToolResult>(result: Result, key: string | undefined): Result {
  if (key === undefined) return result;
  return { ...result, _meta: { ...result._meta, "sap-mcp-server/idempotencyKey": key } };
}

/** SAP's messages mostly end without a full stop. */
function endSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
