import { z } from "zod";
import { defineJob } from "./define-job.ts";
import { destination, entitySetName, idempotencyKey, serviceId, serviceReference } from "./fields.ts";

const row = z.record(z.string(), z.unknown());

/** A function import of V2, or a function or an action of V4. */
export const callSapFunction = defineJob({
  name: "call-sap-function",
  input: z.strictObject({
    serviceId,
    function: z.string().min(1).max(300).describe("Name of the function or action, as discovered"),
    parameters: row.optional(),
    entityName: entitySetName.optional().describe("For a bound one: its entity set"),
    key: row.optional().describe("For one bound to an entity: the key fields"),
    readOnly: z.boolean().optional().describe("true: refuse unless it only reads"),
    destination,
    idempotencyKey,
  }),
  output: z.object({
    destination: z.string(),
    service: serviceReference,
    function: z.string(),
    /** What comes back: rows, one entity or structured value, or a value of a simple type; nothing where nothing is returned. */
    rows: z.array(row).optional(),
    entity: row.optional(),
    value: z.unknown().optional(),
    /** Rows or values in this answer. */
    count: z.int().optional(),
    hasMore: z.boolean().optional(),
    warnings: z.array(z.string()).optional(),
  }),
  // Only metadata tells what an operation does, and only the worker has it: it refuses what is called read-only and is not.
  effect: ({ readOnly }) => (readOnly === true ? "read" : "write"),
});
