import { callSapFunction } from "@sap-mcp/shared/contracts/call-sap-function.ts";
import type { JobContract } from "@sap-mcp/shared/contracts/define-job.ts";
import { executeEntityOperation } from "@sap-mcp/shared/contracts/execute-entity-operation.ts";
import { executeSapBatch } from "@sap-mcp/shared/contracts/execute-sap-batch.ts";
import type { Failure, FailureKind } from "@sap-mcp/shared/failure.ts";
import { breakerKey } from "@sap-mcp/shared/keys.ts";
import type { Logger } from "@sap-mcp/shared/logger.ts";
import { fail } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { RedisConnection } from "@sap-mcp/shared/redis-connection.ts";
import { CircuitBreaker } from "./circuit-breaker.ts";
import type { BreakerSettings } from "./circuit-breaker.ts";
import type { JobHandler } from "./job-handler.ts";

export interface GuardOptions {
  readonly redis: RedisConnection;
  readonly prefix: string;
  /** The default destination first. */
  readonly destinations: readonly string[];
  readonly settings: BreakerSettings;
  readonly log: Logger;
}

/** The jobs that ask SAP each time; the others are mostly answered from caches, which says nothing about SAP. */
const guarded: readonly JobContract[] = [executeEntityOperation, callSapFunction, executeSapBatch];

/** SAP answered, if not as the caller wished. */
const answered: ReadonlySet<FailureKind> = new Set(["not-found", "conflict", "rejected"]);
/** SAP did not answer, or only with a status of 500 and above. */
const unanswered: ReadonlySet<FailureKind> = new Set(["sap-unavailable", "sap-error", "deadline", "outcome-unknown"]);

/** A call that ran shorter than this, in ms, before its deadline says nothing about SAP: it had waited elsewhere. */
const meaningfulMs = 1_000;

const refusals = new WeakSet<Failure>();

/** Whether a call failed because its circuit is open: trying again would only take a worker's place. */
export function isRefusal(failure: Failure): boolean {
  return refusals.has(failure);
}

/** Puts a circuit breaker for each destination, common to all workers, before the handlers that call SAP. */
export function guardHandlers(handlers: readonly JobHandler[], options: GuardOptions): readonly JobHandler[] {
  const breakers = new Map(
    options.destinations.map((destination) => [
      destination,
      new CircuitBreaker({ ...options, destination, key: breakerKey(options.prefix, destination) }),
    ]),
  );
  const [defaultDestination = ""] = options.destinations;
  return handlers.map((handler) => {
    if (!guarded.includes(handler.contract)) return handler;
    const run: JobHandler["run"] = async (input, context) => {
      const { destination = defaultDestination, cursor } = input as { destination?: string; cursor?: string };
      const breaker = breakers.get(destination);
      // A cursor leads to rows that are parked.
      if (breaker === undefined || cursor !== undefined) return handler.run(input, context);
      const passage = await breaker.enter();
      if (typeof passage === "number") return refuse(destination, passage);
      const startedAt = Date.now();
      const outcome = await handler.run(input, context);
      const succeeded = didAnswer(outcome, Date.now() - startedAt);
      if (succeeded !== undefined) await breaker.leave(passage, succeeded);
      return outcome;
    };
    return { contract: handler.contract, run };
  });
}

/** Whether SAP did its part; undefined where the outcome does not tell. */
function didAnswer(outcome: Outcome<unknown>, ranMs: number): boolean | undefined {
  if (outcome.ok || answered.has(outcome.failure.kind)) return true;
  if (outcome.failure.kind === "deadline" && ranMs < meaningfulMs) return undefined;
  return unanswered.has(outcome.failure.kind) ? false : undefined;
}

function refuse(destination: string, waitMs: number): ReturnType<typeof fail> {
  const outcome = fail(
    "sap-unavailable",
    `Most calls to ${destination} failed of late, so none is made at the moment; nothing was executed.`,
    {
      guidance: `Try again in ${Math.ceil(waitMs / 1_000)} seconds; if it stays so, the administrator should look at the system.`,
      retryAfterMs: Math.ceil(waitMs),
    },
  );
  refusals.add(outcome.failure);
  return outcome;
}
