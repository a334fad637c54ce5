import type { InputOf, OutputOf } from "@sap-mcp/shared/contracts/define-job.ts";
import type { executeSapBatch } from "@sap-mcp/shared/contracts/execute-sap-batch.ts";
import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { fitRows } from "../odata/fit-rows.ts";
import { planBatch } from "../odata/plan-batch.ts";
import type { PlannedRequest } from "../odata/plan-batch.ts";
import type { BatchResult } from "../odata/read-batch-result.ts";
import { talk } from "./contact.ts";
import { loadModel } from "./load-model.ts";
import { locateService } from "./locate-service.ts";
import type { SapSystem } from "./open-sap-system.ts";
import { runBatch } from "./run-batch.ts";
import type { SapCall } from "./sap-call.ts";
import type { BatchTarget } from "./send-batch.ts";

type Contract = typeof executeSapBatch;
type Result = OutputOf<Contract>["results"][number];

/** Reads and changes entities of one service in one request to SAP; each request gets its own result. */
export async function executeBatch(
  sap: SapSystem,
  input: InputOf<Contract>,
  call: SapCall,
): Promise<Outcome<OutputOf<Contract>>> {
  const writes = input.requests.find(({ operation }) => operation !== "read" && operation !== "read-single");
  if (writes !== undefined && !sap.settings.allowWrites) {
    return fail("read-only", `This server only reads; ${writes.operation} is switched off.`, {
      guidance: "The administrator switches writing on with SAP_ALLOW_WRITES=true.",
    });
  }
  const located = await locateService(sap, input, call);
  if (!located.ok) return located;
  const { contact, service } = located.value;
  const model = await loadModel(contact, service);
  if (!model.ok) return model;
  const { items, refused } = planBatch(model.value, input.requests);
  const target: BatchTarget = { model: model.value, servicePath: service.path };
  const nothing = new Map<PlannedRequest, BatchResult>();
  const done = items.length === 0 ? succeed(nothing) : await talk(contact, (it) => runBatch(it, target, items));
  if (!done.ok) return done;
  const byNumber = new Map([...done.value].map(([{ number }, result]) => [number, result]));
  const results = input.requests.map(({ operation, entityName }, at): Result => {
    const failure = refused.get(at + 1);
    const result = failure === undefined ? byNumber.get(at + 1) : { failure };
    return { operation, entitySet: entityName, ...result };
  });
  return succeed({
    destination: contact.destination.name,
    service: { id: service.id, odataVersion: model.value.odataVersion },
    failed: results.filter(({ failure }) => failure !== undefined).length,
    results: fitResults(results, sap.settings.read.maxChars),
  });
}

/** Cuts the lists of rows, and only these, to what fits into one answer: what was changed must be told in any case. */
function fitResults(results: readonly Result[], maxChars: number): Result[] {
  let left = maxChars;
  return results.map((result) => {
    if (result.rows === undefined) return result;
    const { rows, chars, warning } = fitRows(result.rows, left);
    left -= chars;
    if (warning === undefined) return result;
    return { ...result, rows, count: rows.length, hasMore: true, warnings: [...(result.warnings ?? []), warning] };
  });
}
