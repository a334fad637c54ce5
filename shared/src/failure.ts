import { z } from "zod";

interface FailureTraits {
  /** Whether the same call may succeed when it is sent again unchanged. */
  readonly retryable: boolean;
  /** Whether a call that failed so has surely changed nothing in SAP; a worker itself tries a read again if it is retryable, too. */
  readonly untouched: boolean;
  /** HTTP status when the failure ends a request before a JSON-RPC answer exists. */
  readonly httpStatus: number;
  /** JSON-RPC error code where the failure is a protocol error and not a tool result. */
  readonly jsonRpcCode: number;
  readonly logLevel: "info" | "warn" | "error";
}

/**
 * Every way in which a call can fail, and what follows from it.
 * JSON-RPC codes: -32602 and -32603 as in JSON-RPC 2.0 section 5.1; -32000 to -32019 are free for servers (MCP 2026-07-28).
 */
export const failureTable = {
  "invalid-input": { retryable: false, untouched: true, httpStatus: 400, jsonRpcCode: -32602, logLevel: "info" },
  "unknown-destination": { retryable: false, untouched: true, httpStatus: 404, jsonRpcCode: -32602, logLevel: "info" },
  "unknown-service": { retryable: false, untouched: true, httpStatus: 404, jsonRpcCode: -32602, logLevel: "info" },
  "unknown-entity-set": { retryable: false, untouched: true, httpStatus: 404, jsonRpcCode: -32602, logLevel: "info" },
  "unknown-property": { retryable: false, untouched: true, httpStatus: 400, jsonRpcCode: -32602, logLevel: "info" },
  "not-found": { retryable: false, untouched: true, httpStatus: 404, jsonRpcCode: -32602, logLevel: "info" },
  "read-only": { retryable: false, untouched: true, httpStatus: 403, jsonRpcCode: -32003, logLevel: "info" },
  forbidden: { retryable: false, untouched: true, httpStatus: 403, jsonRpcCode: -32003, logLevel: "warn" },
  unauthorized: { retryable: false, untouched: true, httpStatus: 401, jsonRpcCode: -32003, logLevel: "warn" },
  conflict: { retryable: false, untouched: true, httpStatus: 409, jsonRpcCode: -32004, logLevel: "info" },
  rejected: { retryable: false, untouched: true, httpStatus: 422, jsonRpcCode: -32004, logLevel: "info" },
  unconfirmed: { retryable: false, untouched: true, httpStatus: 403, jsonRpcCode: -32003, logLevel: "info" },
  "under-way": { retryable: true, untouched: false, httpStatus: 409, jsonRpcCode: -32004, logLevel: "info" },
  throttled: { retryable: true, untouched: true, httpStatus: 429, jsonRpcCode: -32005, logLevel: "warn" },
  "sap-unavailable": { retryable: true, untouched: true, httpStatus: 502, jsonRpcCode: -32006, logLevel: "warn" },
  "sap-error": { retryable: false, untouched: false, httpStatus: 502, jsonRpcCode: -32006, logLevel: "warn" },
  "bad-answer": { retryable: false, untouched: false, httpStatus: 502, jsonRpcCode: -32006, logLevel: "warn" },
  "too-large": { retryable: false, untouched: false, httpStatus: 413, jsonRpcCode: -32007, logLevel: "info" },
  deadline: { retryable: true, untouched: false, httpStatus: 504, jsonRpcCode: -32008, logLevel: "warn" },
  cancelled: { retryable: true, untouched: false, httpStatus: 499, jsonRpcCode: -32009, logLevel: "info" },
  "worker-lost": { retryable: true, untouched: false, httpStatus: 502, jsonRpcCode: -32010, logLevel: "error" },
  "outcome-unknown": { retryable: false, untouched: false, httpStatus: 502, jsonRpcCode: -32011, logLevel: "error" },
  "queue-unavailable": { retryable: true, untouched: true, httpStatus: 503, jsonRpcCode: -32012, logLevel: "error" },
  internal: { retryable: false, untouched: false, httpStatus: 500, jsonRpcCode: -32603, logLevel: "error" },
} as const satisfies Record<string, FailureTraits>;

export type FailureKind = keyof typeof failureTable;

const failureKinds = Object.keys(failureTable) as [FailureKind, ...FailureKind[]];

/** A failure that is expected and travels as a value; `guidance` says what the caller can do about it. */
export const failureSchema = z.object({
  kind: z.enum(failureKinds),
  message: z.string(),
  guidance: z.string().optional(),
  /** SAP's own error code, such as `/IWFND/MED/170`. */
  sapCode: z.string().optional(),
  /** SAP's transaction id, by which an administrator finds the request in SAP's logs. */
  correlationId: z.string().optional(),
  /** Milliseconds to wait before a repeat, where SAP or the queue said so. */
  retryAfterMs: z.number().int().nonnegative().optional(),
  /** What to repeat a write with, to learn what became of it without executing it twice. */
  idempotencyKey: z.string().optional(),
});

export type Failure = z.output<typeof failureSchema>;
