import { z } from "zod";
import { defineJob } from "./define-job.ts";
import { callable, destination, entitySetName, serviceId, serviceReference } from "./fields.ts";

export const getEntitySchema = defineJob({
  name: "get-entity-schema",
  input: z.strictObject({
    serviceId,
    entityName: entitySetName,
    query: z.string().max(200).optional().describe("Words to look for in names and labels of fields and navigations"),
    limit: z.int().min(1).max(1000).optional().describe("Most fields to return (default 150)"),
    destination,
  }),
  output: z.object({
    destination: z.string(),
    service: serviceReference,
    entitySet: z.string(),
    label: z.string().optional(),
    about: z.string().optional(),
    keys: z.array(z.string()),
    operations: z.string(),
    fields: z.array(
      z.object({
        name: z.string(),
        type: z.string(),
        label: z.string().optional(),
        /** What it means, where the label does not say it all. */
        about: z.string().optional(),
        nullable: z.boolean().optional(),
        /** Must be given to create. */
        required: z.boolean().optional(),
        default: z.string().optional(),
        maxLength: z.int().optional(),
        precision: z.int().optional(),
        scale: z.int().optional(),
        /** Field with the currency or unit of this amount. */
        unit: z.string().optional(),
        /** Field with the text of this code. */
        text: z.string().optional(),
        /** Members of an enumeration with their labels, or where the valid values stand. */
        values: z.string().optional(),
        /** `UpperCase`: SAP keeps capital letters only. `Date`: only the day counts. */
        format: z.enum(["UpperCase", "Date"]).optional(),
        role: z.enum(["dimension", "measure"]).optional(),
        /** What the service declares that this field can't be used for. */
        not: z.array(z.enum(["creatable", "updatable", "filterable", "sortable"])).optional(),
        /** Fields of a structured type. */
        fields: z.array(z.string()).optional(),
      }),
    ),
    /** Fields that match, when `fields` does not hold all. */
    totalFields: z.int().optional(),
    hasMore: z.boolean().optional(),
    navigations: z.array(
      z.object({
        name: z.string(),
        entitySet: z.string().optional(),
        /** Type of the target, where its set is not known. */
        type: z.string().optional(),
        many: z.boolean(),
        label: z.string().optional(),
        /** Reached only through its parent. */
        contained: z.boolean().optional(),
      }),
    ),
    /** What can be called on an entity, or on the set. */
    functions: z.array(callable).optional(),
    /** How to change what is kept as a draft. */
    draft: z.string().optional(),
    /** Fields without which a list is refused. */
    filterBy: z.array(z.string()).optional(),
    /** What lists of this set can't do. */
    unsupported: z.array(z.enum(["$count", "$top", "$skip", "$search", "$filter", "$orderby"])).optional(),
    /** Transformations of $apply; absent where the service declares none. */
    apply: z.array(z.string()).optional(),
    notes: z.array(z.string()).optional(),
    /** What this site knows about the service or the entity set. */
    hints: z.array(z.string()).optional(),
  }),
  effect: () => "read",
});
