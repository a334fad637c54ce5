import type { Caller } from "@sap-mcp/shared/caller.ts";

/**
 * One HTTP request to the MCP endpoint as this room sees it, with its body already parsed. It has the parts of a web
 * Request that the SDK looks at, so it is handed to the SDK in place of one: building a real one costs a quarter of
 * the gateway's time.
 */
export interface McpExchange {
  readonly method: string;
  readonly headers: { get(name: string): string | null };
  readonly body: unknown;
  /** Fires when the client goes away before it has its answer. */
  readonly signal: AbortSignal;
  readonly caller: Caller;
  readonly correlationId: string;
  readonly traceparent: string | undefined;
  /** The destination that the endpoint is bound to, if it is. */
  readonly destination: string | undefined;
}
