import { z } from "zod";
import { defineJob } from "./define-job.ts";
import { destination, odataVersion } from "./fields.ts";

export const searchSapServices = defineJob({
  name: "search-sap-services",
  input: z.strictObject({
    query: z.string().max(200).optional().describe("Words to look for in id, title and description"),
    limit: z.int().min(1).max(200).default(20).describe("Most services to return"),
    destination,
  }),
  output: z.object({
    destination: z.string(),
    services: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        description: z.string().optional(),
        odataVersion,
        /** Id of the same service in OData V2. */
        alternative: z.string().optional(),
      }),
    ),
    /** Services that match, of which `services` holds the best. */
    total: z.int(),
    hasMore: z.boolean(),
    /** What could not be looked at, such as a catalog that did not answer. */
    warnings: z.array(z.string()).optional(),
  }),
  effect: () => "read",
});
