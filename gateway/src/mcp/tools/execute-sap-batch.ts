import { executeSapBatch } from "@sap-mcp/shared/contracts/execute-sap-batch.ts";
import { inputSchemaOf } from "../tool.ts";
import type { Tool } from "../tool.ts";

const reads = ["read", "read-single"];
const changes = ["create", "update", "replace", "delete"];

/** A request takes what execute-entity-operation takes, which is described there once. */
export function executeSapBatchTool(allowWrites: boolean): Tool {
  const { properties, ...schema } = inputSchemaOf(executeSapBatch);
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
    inputSchema: { ...schema, properties: { ...properties, requests } },
    annotations: allowWrites
      ? { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true }
      : { readOnlyHint: true, openWorldHint: true },
  };
}
