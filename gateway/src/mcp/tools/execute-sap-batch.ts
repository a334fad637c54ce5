import type { OutputOf } from "@sap-mcp/shared/contracts/define-job.ts";
import { executeSapBatch } from "@sap-mcp/shared/contracts/execute-sap-batch.ts";
import type { FailureKind } from "@sap-mcp/shared/failure.ts";
import { inputSchemaOf } from "../tool.ts";
import type { Tool, ToolResult } from "../tool.ts";

const reads = ["read", "read-single"];
const changes = ["create", "update", "replace", "delete"];

/** A request takes what execute-entity-operation takes, which is described there once. */
export function executeSapBatchTool(allowWrites: boolean): Tool {
  const { properties: { idempotencyKey, ...properties } = {}, ...schema } = inputSchemaOf(executeSapBatch);
  const requests = {
    type: "array",
    minItems: 1,
    maxItems: 100,
    items: {
      type: "object",
      properties: {
        operation: { type: "string", enum: allowWrites ? [...reads, ...changes] : reads },
        entityName: { type: "string" },
        parameters: { type: "object" },
        filter: { type: "object" },
        queryOptions: { type: "object" },
        ...(allowWrites && { changeSet: { type: "string", description: "All adjacent changes of one name, or none" } }),
      },
      required: ["operation", "entityName"],
      additionalProperties: false,
    },
  };
  return {
    title: "Execute an SAP batch",
    description:
      "Several requests to one service at once, each as for execute-entity-operation and with a result of its own" +
      (allowWrites ? "; changes with the same changeSet are executed all or not at all." : "; reads only."),
    contract: executeSapBatch,
    inputSchema: {
      ...schema,
      properties: { ...properties, requests, ...(allowWrites && idempotencyKey && { idempotencyKey }) },
    },
    toResult: resultOfBatch,
    annotations: allowWrites
      ? { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true }
      : { readOnlyHint: true, openWorldHint: true },
  };
}

/** What failed is said first, since it is easily missed among many results; a batch of which all failed is an error. */
function resultOfBatch(json: Buffer): ToolResult {
  const text = json.toString();
  const batch = JSON.parse(text) as OutputOf<typeof executeSapBatch>;
  const { failed, results } = batch;
  if (failed === 0) return { content: [{ type: "text", text }], structuredContent: batch };
  return {
    content: [{ type: "text", text: `${summarize(batch)}\n${text}` }],
    structuredContent: batch,
    ...(failed === results.length && { isError: true }),
  };
}

const doubtful: ReadonlySet<FailureKind | undefined> = new Set(["outcome-unknown", "deadline", "cancelled"]);

function summarize({ failed, results }: OutputOf<typeof executeSapBatch>): string {
  const doubt = results.some(({ failure }) => doubtful.has(failure?.kind))
    ? " Of some it is not known whether SAP executed them."
    : "";
  if (failed === results.length)
    return `${failed === 1 ? "The only request" : `All ${failed} requests`} failed.${doubt || " Nothing was executed."}`;
  const numbers = results.flatMap(({ failure }, at) => (failure === undefined ? [] : [at + 1]));
  return `${failed} of ${results.length} requests failed, by number: ${numbers.join(", ")}.${doubt} The others were executed.`;
}
