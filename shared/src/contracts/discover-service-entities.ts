import { z } from "zod";
import { defineJob } from "./define-job.ts";
import { destination, serviceId, serviceReference } from "./fields.ts";

export const discoverServiceEntities = defineJob({
  name: "discover-service-entities",
  input: z.strictObject({
    serviceId,
    query: z.string().max(200).optional().describe("Words to look for in entity set names and labels"),
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
      }),
    ),
    total: z.int(),
    hasMore: z.boolean(),
  }),
  effect: () => "read",
});
