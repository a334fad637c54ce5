import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { SapAnswer } from "../odata/answer.ts";
import { readFailure } from "../odata/read-failure.ts";
import type { SapSystem } from "./open-sap-system.ts";
import { chooseDestination, resolveDestination } from "./resolve-destination.ts";
import type { SapDestination } from "./resolve-destination.ts";
import type { SapCall } from "./sap-call.ts";
import type { SapRequest } from "./send-request.ts";
import { waitWithin } from "./wait-within.ts";

/** A call that has found its destination. */
export interface Contact {
  readonly sap: SapSystem;
  readonly destination: SapDestination;
  readonly call: SapCall;
}

/** Asks SAP over one connection; an answer that says no is a failure, 304 is none. */
export interface Talk {
  readonly read: (request: ReadRequest) => Promise<Outcome<SapAnswer>>;
  readonly write: (request: WriteRequest) => Promise<Outcome<SapAnswer>>;
  /** A write whose refusal is an answer too. */
  readonly tryWrite: (request: WriteRequest) => Promise<Outcome<SapAnswer>>;
}

export interface ReadRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface WriteRequest extends ReadRequest {
  readonly method: Exclude<SapRequest["method"], "GET" | "HEAD">;
  readonly servicePath: string;
  readonly body?: string;
}

/** Finds the destination that a call names, or the default one, as the caller sees it. */
export async function makeContact(
  sap: SapSystem,
  wanted: string | undefined,
  call: SapCall,
): Promise<Outcome<Contact>> {
  const name = chooseDestination(sap.settings.destinations, wanted);
  if (!name.ok) return name;
  const waited = await waitWithin(resolveDestination(name.value, call.caller), call.signal);
  if (!waited.ok) return waited;
  return waited.value.ok ? succeed({ sap, destination: waited.value.value, call }) : waited.value;
}

/** Talks to SAP over one connection of the pool for as long as the work takes. */
export function talk<T>(
  { sap, destination, call }: Contact,
  work: (talk: Talk) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const { target } = destination;
  const tracing = {
    "x-correlationid": call.correlationId,
    ...(call.traceparent !== undefined && { traceparent: call.traceparent }),
  };
  return sap.connections.use(destination, call.signal, (connection) => {
    const tryWrite: Talk["tryWrite"] = (request) =>
      connection.write(target, { ...request, headers: { ...request.headers, ...tracing } }, call.signal);
    return work({
      read: async ({ path, headers }) =>
        refuseErrors(
          await connection.read(target, { method: "GET", path, headers: { ...headers, ...tracing } }, call.signal),
        ),
      write: async (request) => refuseWriteErrors(await tryWrite(request)),
      tryWrite,
    });
  });
}

/** Makes a failure of an answer that says no. */
export function refuseErrors(answer: Outcome<SapAnswer>): Outcome<SapAnswer> {
  if (!answer.ok || answer.value.status < 300 || answer.value.status === 304) return answer;
  return { ok: false, failure: readFailure(answer.value) };
}

/**
 * Makes a failure of an answer that says no to a write. That a proxy or an overloaded system gave up does not say that
 * nothing was executed, unless it names the time for a repeat.
 */
export function refuseWriteErrors(answer: Outcome<SapAnswer>): Outcome<SapAnswer> {
  const refused = refuseErrors(answer);
  if (!answer.ok || refused.ok) return refused;
  const { kind, message, guidance: _guidance, ...facts } = refused.failure;
  if (kind !== "sap-unavailable" || facts.retryAfterMs !== undefined) return refused;
  return fail("outcome-unknown", `${message} SAP may have executed the change all the same.`, {
    ...facts,
    guidance: "Read the entity to see whether the change was made, before you repeat it.",
  });
}
