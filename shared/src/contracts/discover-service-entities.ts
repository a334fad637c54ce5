import { z } from "zod";
import { defineJob } from "./define-job.ts";
import { callable, destination, serviceId, serviceReference } from "./fields.ts";

export const discoverServiceEntities = defineJob({
  name: "discover-service-entities",
  input: z.strictObject({
    serviceId,
    query: z
      .string()
      .max(200)
      .optional()
      .describe("Words to look for in names and labels of entity sets and functions"),
    limit: z.int().min(1).max(500).default(50).describe("Most entity sets to return"),
    destination,
  }),
  output: z.object({
    destination: z.string(),
    service: serviceReference,
    entitySets: z.array(
      z.object({
        name: z.string(),
        label: z.string().optional(),
        keys: z.array(z.string()),
        /** Letters of the operations that the service declares: c(reate) r(ead) u(pdate) d(elete). */
        operations: z.string(),
        /** Whether changes go to a draft first. */
        draft: z.boolean().optional(),
      }),
    ),
    total: z.int(),
    hasMore: z.boolean(),
    /** Functions and actions; those bound to an entity only where a query finds them, else in the schema of its set. */
    functions: z.array(callable).optional(),
    /** Functions that match, where `functions` does not hold all. */
    totalFunctions: z.int().optional(),
    /** Entity sets with the nearest names, when nothing matches. */
    nearest: z.array(z.string()).optional(),
    /** What this site knows about the service. */
    hints: z.array(z.string()).optional(),
  }),
  effect: () => "read",
});
