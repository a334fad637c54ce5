import { setTimeout as sleep } from "node:timers/promises";
import { failureTable } from "@sap-mcp/shared/failure.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { isRefusal } from "./guard-handlers.ts";

const firstPauseMs = 100;
/** A pause takes a worker's place; who has to wait longer is told so instead. */
const longestPauseMs = 10_000;

export interface RetryOptions {
  /** Most attempts, the first one included. */
  readonly attempts: number;
  /** In ms since 1970; no attempt begins after it. */
  readonly expiresAt: number;
  readonly signal: AbortSignal;
}

/**
 * Tries a read again while the failure table says that it may help: after the time that SAP named, else after a pause
 * that doubles, with jitter, so that calls which failed together don't come back together.
 * Rejects as the read does, and when the signal fires in a pause.
 */
export async function retryRead<T>(
  read: () => Promise<Outcome<T>>,
  { attempts, expiresAt, signal }: RetryOptions,
): Promise<Outcome<T>> {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await read();
    if (outcome.ok || attempt >= attempts || isRefusal(outcome.failure)) return outcome;
    const { kind, retryAfterMs } = outcome.failure;
    const { retryable, untouched } = failureTable[kind];
    if (!retryable || !untouched) return outcome;
    const pauseMs = (retryAfterMs ?? firstPauseMs * 2 ** (attempt - 1)) + Math.random() * firstPauseMs;
    if (pauseMs > longestPauseMs || Date.now() + pauseMs >= expiresAt) return outcome;
    await sleep(pauseMs, undefined, { signal });
  }
}
