import { fail } from "@sap-mcp/shared/outcome.ts";
import type { Failure } from "@sap-mcp/shared/failure.ts";
import type { SapRequest, Wire } from "./send-request.ts";
import { failAborted } from "./wait-within.ts";

/** What Node, axios and the Cloud SDK say about a request without an answer. */
interface TransportError {
  readonly code?: string;
  readonly message?: string;
  readonly cause?: { readonly syscall?: string };
}

/** Codes of errors that arise before a request is sent: name, route, handshake, and what can't be sent at all. */
const unsent = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPROTO|ERR_INVALID_.*)$|CERT|TLS|SSL/;

/** The failure of a request that got no answer. Of a write that may have reached SAP it never says that nothing happened. */
export function describeError(error: unknown, wire: Wire, request: SapRequest): { ok: false; failure: Failure } {
  const { code = "", message = String(error), cause } = error as TransportError;
  const isWrite = request.method !== "GET" && request.method !== "HEAD";
  const isUnsent = unsent.test(code) || cause?.syscall === "connect" || message.startsWith("Failed to build headers");
  const described = describe({ code, message }, wire);
  if (!isWrite || isUnsent) return described;
  const { failure } = described;
  const kind = failure.kind === "sap-unavailable" ? "outcome-unknown" : failure.kind;
  return fail(kind, `${failure.message} SAP may have executed the ${request.method} all the same.`, {
    guidance: "Read the entity to see whether the change was made, before you repeat it.",
  });
}

function describe({ code, message }: { code: string; message: string }, { signal, maxAnswerBytes }: Wire) {
  if (signal.aborted) return failAborted(signal);
  if (message.includes("maxContentLength")) {
    return fail("too-large", `SAP's answer is larger than ${maxAnswerBytes} bytes.`, {
      guidance: "Ask for less at once: fewer fields with $select, fewer rows with $top or $filter.",
    });
  }
  if (message.startsWith("Failed to build headers")) {
    return fail("unauthorized", "The destination gives no logon for SAP.", {
      guidance: "The administrator should look at the destination's authentication.",
    });
  }
  return fail("sap-unavailable", `SAP did not answer (${code === "" ? message.slice(0, 200) : code}).`, {
    guidance: "Try again later; if it stays so, the administrator should look at the destination.",
  });
}
