import { z } from "zod";
import { failureSchema } from "../failure.ts";
import { defineJob } from "./define-job.ts";
import type { JobEffect } from "./define-job.ts";
import { executeEntityOperation } from "./execute-entity-operation.ts";
import { destination, idempotencyKey, serviceId, serviceReference } from "./fields.ts";

const single = executeEntityOperation.input.shape;
const ofSingle = ["navigation", "format", "cursor", "maxChars"] satisfies (keyof typeof single)[] as string[];
const row = z.record(z.string(), z.unknown());

const batchRequest = z.strictObject(
  {
    operation: single.operation,
    entityName: single.entityName,
    parameters: single.parameters,
    filter: single.filter,
    queryOptions: single.queryOptions,
    changeSet: z
      .string()
      .min(1)
      .max(50)
      .optional()
      .describe("Name of a group of changes, one behind the other, of which SAP executes all or none"),
  },
  { error: adviseSingle },
);

/** Names the tool for what only a call of its own takes. */
function adviseSingle({ code, keys }: z.core.$ZodRawIssue): string | undefined {
  const alone = code === "unrecognized_keys" ? keys.filter((key: string) => ofSingle.includes(key)) : [];
  if (alone.length === 0) return undefined;
  return `A request of a batch takes no ${alone.join(", ")}: call ${executeEntityOperation.name} for that.`;
}

/** Several reads and changes of one service in one request to SAP. */
export const executeSapBatch = defineJob({
  name: "execute-sap-batch",
  input: z.strictObject({
    serviceId,
    requests: z.array(batchRequest).min(1).max(100).describe("As for execute-entity-operation"),
    destination,
    idempotencyKey,
  }),
  output: z.object({
    destination: z.string(),
    service: serviceReference,
    /** Requests that failed or were not executed. */
    failed: z.int(),
    /** What became of each request, in their order. Of a failed change set all have failed, and the one to blame has the reason. */
    results: z.array(
      z.object({
        operation: z.string(),
        entitySet: z.string(),
        /** HTTP status; absent where SAP did not answer the request. */
        status: z.int().optional(),
        rows: z.array(row).optional(),
        /** Rows in this answer. */
        count: z.int().optional(),
        total: z.int().optional(),
        hasMore: z.boolean().optional(),
        entity: row.optional(),
        deleted: row.optional(),
        failure: failureSchema.optional(),
        warnings: z.array(z.string()).optional(),
      }),
    ),
  }),
  effect: ({ requests }): JobEffect =>
    requests.some(({ operation }) => operation !== "read" && operation !== "read-single") ? "write" : "read",
});
