import { z } from "zod";
import { defineJob } from "./define-job.ts";
import { destination, entitySetName, idempotencyKey, serviceId, serviceReference } from "./fields.ts";

const queryOptions = z
  .strictObject({
    $filter: z.string().max(8000).optional().describe("Raw OData filter; prefer filter"),
    $select: z.string().max(4000).optional().describe("Comma separated; customer/name expands by itself"),
    $expand: z.string().max(2000).optional().describe("Navigation properties; V4: items($select=id;$top=5)"),
    $orderby: z.string().max(1000).optional().describe("e.g. Amount desc"),
    $top: z.int().min(0).max(100_000).optional().describe("Default 100; 0: total alone"),
    $skip: z.int().min(0).optional(),
    /** Has no effect, since lists come with their total anyway. */
    $count: z.preprocess((it) => (it === "true" || it === "false" ? it === "true" : it), z.boolean()).optional(),
    $search: z.string().max(500).optional(),
    $apply: z
      .string()
      .max(4000)
      .optional()
      .describe("V4: groupby((Country),aggregate(Amount with sum as Total,$count as Orders))"),
  })
  .describe("For read and read-single");

const row = z.record(z.string(), z.unknown());

export const executeEntityOperation = defineJob({
  name: "execute-entity-operation",
  input: z.strictObject({
    serviceId,
    entityName: entitySetName,
    operation: z.enum(["read", "read-single", "create", "update", "replace", "delete"]),
    parameters: row.optional().describe("Key fields; for create, update and replace the fields to write too"),
    filter: row
      .optional()
      .describe(
        'Rows to read: {"and":[{"field":"Country","op":"eq","value":"DE"},{"not":{…}},{"or":[…]},{"field":"items","any":{…}}]}; op: eq ne gt ge lt le contains startswith endswith in; text: "ignoreCase":true; field may be a path customer/name',
      ),
    queryOptions: queryOptions.optional(),
    navigation: z
      .string()
      .max(500)
      .optional()
      .describe("Read, or create, what this leads to from the entity in parameters"),
    etag: z.string().max(1000).optional().describe("From read-single: change only if unchanged since"),
    format: z.enum(["rows", "columns"]).optional().describe("columns: shorter"),
    cursor: z.string().max(100).optional().describe("nextCursor of the answer before"),
    maxChars: z.int().min(1000).optional().describe("Longest list of rows, in characters"),
    destination,
    idempotencyKey,
  }),
  output: z.object({
    destination: z.string(),
    service: serviceReference,
    /** The set that was read or changed; behind a navigation property the target's, where the service says which it is. */
    entitySet: z.string(),
    /** The navigation property, or the path of several, behind which was read. */
    navigation: z.string().optional(),
    operation: z.string(),
    /** The rows of `read`; the one entity of the others, as SAP returned it; absent after delete. */
    rows: z.array(row).optional(),
    /** The rows of `read` in the format `columns`: the values of each row in the order of the columns. */
    columns: z.array(z.string()).optional(),
    data: z.array(z.array(z.unknown())).optional(),
    /** Rows in this answer. */
    count: z.int().optional(),
    entity: row.optional(),
    /** Stands for the state of the entity; with it a change is refused where somebody else made one since. */
    etag: z.string().optional(),
    deleted: row.optional(),
    /** Rows that match in SAP, where SAP says. */
    total: z.int().optional(),
    hasMore: z.boolean().optional(),
    /** `$skip` of the next page, when `hasMore` and nothing is parked. */
    nextSkip: z.int().optional(),
    /** What to send as `cursor` for rows that are already read and did not fit. */
    nextCursor: z.string().optional(),
    warnings: z.array(z.string()).optional(),
  }),
  effect: (input) => (input.operation === "read" || input.operation === "read-single" ? "read" : "write"),
});
