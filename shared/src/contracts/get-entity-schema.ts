import { z } from "zod";
import { defineJob } from "./define-job.ts";
import { destination, entitySetName, serviceId, serviceReference } from "./fields.ts";

export const getEntitySchema = defineJob({
  name: "get-entity-schema",
  input: z.strictObject({ serviceId, entityName: entitySetName, destination }),
  output: z.object({
    destination: z.string(),
    service: serviceReference,
    entitySet: z.string(),
    label: z.string().optional(),
    keys: z.array(z.string()),
    operations: z.string(),
    fields: z.array(
      z.object({
        name: z.string(),
        type: z.string(),
        label: z.string().optional(),
        nullable: z.boolean().optional(),
        maxLength: z.int().optional(),
        precision: z.int().optional(),
        scale: z.int().optional(),
        /** What the service declares that this field can't be used for. */
        not: z.array(z.enum(["creatable", "updatable", "filterable", "sortable"])).optional(),
      }),
    ),
    navigations: z.array(z.object({ name: z.string(), entitySet: z.string().optional(), many: z.boolean() })),
  }),
  effect: () => "read",
});
