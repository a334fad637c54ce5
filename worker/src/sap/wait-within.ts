import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";

/** Waits for a promise no longer than the signal allows; rejects only as the promise does. */
export async function waitWithin<T>(promise: Promise<T>, signal: AbortSignal): Promise<Outcome<T>> {
  if (signal.aborted) {
    promise.catch(() => undefined);
    return failAborted(signal);
  }
  const aborted = Promise.withResolvers<Outcome<T>>();
  const stop = () => aborted.resolve(failAborted(signal));
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([promise.then((value) => succeed(value)), aborted.promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** `deadline` or `cancelled`, by the reason of a signal that was aborted. */
export function failAborted(signal: AbortSignal): ReturnType<typeof fail> {
  const reason: unknown = signal.reason;
  return reason instanceof DOMException && reason.name === "TimeoutError"
    ? fail("deadline", "SAP did not answer before the deadline of the call.", {
        guidance: "Ask for less at once ($top, $select, $filter), or try again later.",
      })
    : fail("cancelled", "The call was cancelled.");
}
