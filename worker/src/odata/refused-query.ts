import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { Failure, FailureKind } from "@sap-mcp/shared/failure.ts";

/** Thrown deep within a query that is being read, and caught where reading began. */
class RefusedQuery extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Ends the work of `settleQuery` with a failure. */
export function refuseQuery(message: string, guidance?: string, kind: FailureKind = "invalid-input"): never {
  throw new RefusedQuery(fail(kind, message, guidance === undefined ? {} : { guidance }).failure);
}

/** The value of an outcome; a failed one ends the work of `settleQuery`. */
export function valueOrRefuse<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new RefusedQuery(outcome.failure);
}

export function settleQuery<T>(work: () => T): Outcome<T> {
  try {
    return succeed(work());
  } catch (error) {
    if (!(error instanceof RefusedQuery)) throw error;
    return { ok: false, failure: error.failure };
  }
}
