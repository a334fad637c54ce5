import { randomUUID } from "node:crypto";
import type { JobContract } from "@sap-mcp/shared/contracts/define-job.ts";
import { failureTable } from "@sap-mcp/shared/failure.ts";
import type { Logger } from "@sap-mcp/shared/logger.ts";
import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { suggestNames } from "@sap-mcp/shared/suggest-names.ts";
import type { Call, CallClient } from "../jobs/call-client.ts";
import type { Confirmation } from "./confirmation/confirmation.ts";
import type { McpExchange } from "./exchange.ts";
import type { TaskDesk } from "./tasks/task-store.ts";
import { explainInput } from "./explain-input.ts";

/** The way to SAP, and what of it may be used. */
export interface SapAccess {
  readonly calls: CallClient;
  readonly destinations: readonly string[];
  readonly defaultDestination: string;
  readonly allowWrites: boolean;
  readonly timeoutMs: number;
  readonly tasks: TaskDesk;
  readonly confirmation: Confirmation;
  readonly log: Logger;
}

export interface SapRequest {
  readonly contract: JobContract;
  /** As the client sent it; checked here. */
  readonly input: unknown;
  readonly exchange: McpExchange;
  readonly signal: AbortSignal;
  readonly onProgress?: Call<JobContract>["onProgress"];
  /** Given for a call that may become a task. */
  readonly callId?: string;
  readonly task?: Call<JobContract>["task"];
  /** For a write whose arguments name none. */
  readonly idempotencyKey?: string | undefined;
}

/** With the key of a write, under which it can be repeated and is executed once. */
export type SapOutcome = Outcome<Buffer> & { readonly idempotencyKey?: string };

/** Makes a job of a request, waits for its answer, and writes the one log line about it. */
export async function callSap(access: SapAccess, request: SapRequest): Promise<SapOutcome> {
  const startedAt = performance.now();
  const outcome = await run(access, request);
  const { contract, exchange } = request;
  const facts = {
    job: contract.name,
    outcome: outcome.ok ? "ok" : outcome.failure.kind,
    duration_ms: Math.round((performance.now() - startedAt) * 10) / 10,
    correlation_id: exchange.correlationId,
    tenant_id: exchange.caller.tenant,
  };
  access.log[outcome.ok ? "info" : failureTable[outcome.failure.kind].logLevel](facts, "call finished");
  return outcome;
}

async function run(access: SapAccess, request: SapRequest): Promise<SapOutcome> {
  const { contract, exchange, signal, onProgress, task } = request;
  const parsed = contract.input.safeParse(request.input);
  if (!parsed.success) return { ok: false, failure: explainInput(contract, parsed.error) };
  const { idempotencyKey = request.idempotencyKey, ...given } = parsed.data as Given;
  const destination = chooseDestination(access, exchange, given.destination);
  if (!destination.ok) return destination;
  // The worker knows the default destination, not the one of the endpoint.
  const input = exchange.destination === undefined ? given : { ...given, destination: destination.value };
  const isWrite = contract.effect(input) === "write";
  if (!access.allowWrites && isWrite) {
    return fail("read-only", "This server does not change data in SAP.", {
      guidance: "Only reading is possible; an administrator can switch writing on (SAP_ALLOW_WRITES).",
    });
  }
  const callId = request.callId ?? randomUUID();
  const outcome = await access.calls.call({
    contract,
    input,
    destination: destination.value,
    caller: exchange.caller,
    correlationId: exchange.correlationId,
    traceparent: exchange.traceparent,
    timeoutMs: access.timeoutMs,
    signal,
    onProgress,
    callId,
    ...(isWrite && { idempotencyKey }),
    ...(task !== undefined && { task }),
  });
  return isWrite ? withKey(outcome, idempotencyKey ?? callId) : outcome;
}

/** Arguments that several contracts have; the rest belongs to the contract. */
interface Given {
  readonly destination?: string;
  readonly idempotencyKey?: string;
}

/** A failure that may have left something in SAP says how to find out. */
export function withKey(outcome: Outcome<Buffer>, idempotencyKey: string): SapOutcome {
  if (outcome.ok || failureTable[outcome.failure.kind].untouched) return { ...outcome, idempotencyKey };
  return { ok: false, failure: { ...outcome.failure, idempotencyKey }, idempotencyKey };
}

/** The destination of the endpoint is binding; on the general endpoint the call may name one. */
function chooseDestination(access: SapAccess, exchange: McpExchange, wanted: string | undefined): Outcome<string> {
  const bound = exchange.destination;
  if (bound !== undefined && wanted !== undefined && wanted !== bound) {
    return fail("unknown-destination", `This endpoint serves ${bound} only.`, { guidance: "Leave destination out." });
  }
  const name = wanted ?? bound ?? access.defaultDestination;
  if (access.destinations.includes(name)) return succeed(name);
  return fail("unknown-destination", `There is no destination "${name}".`, {
    guidance: `The nearest are: ${suggestNames(name, access.destinations, 3).join(", ")}.`,
  });
}
