import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { resolveDestination } from "./resolve-destination.ts";
import { SapConnection } from "./sap-connection.ts";
import { waitWithin } from "./wait-within.ts";

/** Root of the V2 catalog: small, and answered by every SAP Gateway, if only by a refusal. */
const probePath = "/sap/opu/odata/IWFND/CATALOGSERVICE;v=2/";

/** Whether a SAP system answers at all: any status below 500 will do. Opens a connection of its own. */
export async function probeDestination(
  name: string,
  signal: AbortSignal,
): Promise<Outcome<{ status: number; tookMs: number }>> {
  const startedAt = performance.now();
  const resolved = await waitWithin(resolveDestination(name, { tenant: "health", user: "health", scopes: [] }), signal);
  if (!resolved.ok) return resolved;
  if (!resolved.value.ok) return resolved.value;
  const connection = new SapConnection({ maxAnswerBytes: 1_048_576, idleTimeoutMs: 1_000 });
  try {
    const answer = await connection.read(
      resolved.value.value.target,
      { method: "HEAD", path: probePath, headers: {} },
      signal,
    );
    if (!answer.ok) return answer;
    const { status } = answer.value;
    if (status >= 500) return fail("sap-unavailable", `SAP answers with status ${status}.`);
    return succeed({ status, tookMs: Math.round(performance.now() - startedAt) });
  } finally {
    connection.close();
  }
}
