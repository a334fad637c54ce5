import { createLogger } from "@sap-mcp/shared/logger.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { Failure } from "@sap-mcp/shared/failure.ts";
import { executeOperation } from "@sap-mcp/worker/sap/execute-operation.ts";
import { openSapSystem } from "@sap-mcp/worker/sap/open-sap-system.ts";
import type { SapSettings, SapSystem } from "@sap-mcp/worker/sap/open-sap-system.ts";
import type { SapCall } from "@sap-mcp/worker/sap/sap-call.ts";
import { vi } from "vitest";
import { openSandbox } from "../../local/sandbox/open-sandbox.ts";
import type { Sandbox, SandboxOptions } from "../../local/sandbox/open-sandbox.ts";

export const settings: SapSettings = {
  destinations: ["S4"],
  allowWrites: true,
  includePatterns: [],
  excludePatterns: [],
  allowAll: false,
  maxServices: 5_000,
  pool: { min: 2, max: 10, idleTimeoutMs: 30_000, acquireTimeoutMs: 60_000 },
  catalogTtlMs: 60_000,
  metadataTtlMs: 60_000,
  maxAnswerBytes: 16_777_216,
  read: {
    maxPages: 50,
    maxRows: 10_000,
    maxBytes: 8_388_608,
    timeBudgetMs: 20_000,
    maxChars: 1_000_000,
    cursorTtlMs: 60_000,
  },
};

/** A sandbox behind the destination S4 and a worker's view of it. */
export interface SapBench {
  readonly sandbox: Sandbox;
  readonly sap: SapSystem;
  readonly execute: (input: Parameters<typeof executeOperation>[1]) => ReturnType<typeof executeOperation>;
  readonly close: () => Promise<void>;
}

export async function openSapBench(own: Partial<SapSettings> = {}, options: SandboxOptions = {}): Promise<SapBench> {
  const sandbox = await openSandbox(options);
  defineDestination(sandbox.url);
  const sap = openSapSystem({ ...settings, ...own });
  return {
    sandbox,
    sap,
    execute: (input) => executeOperation(sap, input, makeCall()),
    close: async () => {
      await sap.close();
      await sandbox.close();
      vi.unstubAllEnvs();
    },
  };
}

/** Sets the variable in which the Cloud SDK looks for destinations. */
export function defineDestination(url: string, user = "ALICE"): void {
  vi.stubEnv(
    "destinations",
    JSON.stringify([{ name: "S4", url, sapClient: "100", username: user, password: "secret" }]),
  );
}

export function makeCall(signal = AbortSignal.timeout(20_000)): SapCall {
  const caller = { tenant: "tenant", user: "alice@example.org", scopes: [] };
  const log = createLogger({ component: "test", level: "silent", instance: "0" });
  return {
    caller,
    signal,
    log,
    correlationId: "correlation-1",
    traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
  };
}

export function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.failure.kind}: ${outcome.failure.message}`);
  return outcome.value;
}

export function failureOf(outcome: Outcome<unknown>): Failure {
  if (outcome.ok) throw new Error(`succeeded: ${JSON.stringify(outcome.value).slice(0, 200)}`);
  return outcome.failure;
}
