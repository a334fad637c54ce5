import { z } from "zod";
import { defineJob } from "./define-job.ts";
import { destination, entitySetName, serviceId, serviceReference } from "./fields.ts";

const queryOptions = z
  .strictObject({
    $filter: z.string().max(8000).optional().describe("OData filter, e.g. Country eq 'DE'"),
    $select: z.string().max(4000).optional().describe("Fields, comma separated"),
    $expand: z.string().max(2000).optional().describe("Navigation properties, comma separated"),
    $orderby: z.string().max(1000).optional(),
    $top: z.int().min(0).max(1000).optional().describe("Rows to return (default 100)"),
    $skip: z.int().min(0).optional(),
    $search: z.string().max(500).optional(),
  })
  .describe("OData query options of read and read-single");

const row = z.record(z.string(), z.unknown());

export const executeEntityOperation = defineJob({
  name: "execute-entity-operation",
  input: z.strictObject({
    serviceId,
    entityName: entitySetName,
    operation: z.enum(["read", "read-single", "create", "update", "delete"]),
    parameters: row
      .optional()
      .describe("Key fields for read-single, update and delete; the fields to write for create and update"),
    queryOptions: queryOptions.optional(),
    destination,
  }),
  output: z.object({
    destination: z.string(),
    service: serviceReference,
    entitySet: z.string(),
    operation: z.string(),
    /** The rows of `read`; the one entity of the others, as SAP returned it; absent after delete. */
    rows: z.array(row).optional(),
    entity: row.optional(),
    deleted: row.optional(),
    /** Rows that match in SAP, where SAP says. */
    total: z.int().optional(),
    hasMore: z.boolean().optional(),
    /** `$skip` of the next page, when `hasMore`. */
    nextSkip: z.int().optional(),
    warnings: z.array(z.string()).optional(),
  }),
  effect: (input) => (input.operation === "read" || input.operation === "read-single" ? "read" : "write"),
});
