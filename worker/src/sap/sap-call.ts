import type { Caller } from "@sap-mcp/shared/caller.ts";
import type { Logger } from "@sap-mcp/shared/logger.ts";

/** On whose behalf an operation runs, and until when. */
export interface SapCall {
  readonly caller: Caller;
  /** A `TimeoutError` as its reason means that the deadline passed; any other reason, that the call was cancelled. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly correlationId: string;
  /** W3C trace context, sent on to SAP. */
  readonly traceparent?: string | undefined;
}
