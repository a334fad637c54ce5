import type { Caller } from "@sap-mcp/shared/caller.ts";
import type { InputOf, JobContract, OutputOf } from "@sap-mcp/shared/contracts/define-job.ts";
import type { Logger } from "@sap-mcp/shared/logger.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { Progress } from "@sap-mcp/shared/reply.ts";

/** What a handler knows about the call that it works on. */
export interface JobContext {
  readonly caller: Caller;
  /** Fires when the caller has gone or its deadline has passed (then the reason is a TimeoutError). */
  readonly signal: AbortSignal;
  readonly correlationId: string;
  readonly traceparent: string | undefined;
  readonly log: Logger;
  /** Tells the caller how far the work has come, if it wants to know. */
  readonly report: (progress: Progress) => Promise<void>;
}

/** The code behind a contract. */
export interface JobHandler {
  readonly contract: JobContract;
  readonly run: (input: unknown, context: JobContext) => Promise<Outcome<unknown>>;
}

/** Binds code to a contract; the input has been parsed by the contract when the code runs. */
export function handlerOf<C extends JobContract>(
  contract: C,
  run: (input: InputOf<C>, context: JobContext) => Promise<Outcome<OutputOf<C>>>,
): JobHandler {
  return { contract, run: (input, context) => run(input as InputOf<C>, context) };
}
