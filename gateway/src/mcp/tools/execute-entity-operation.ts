import { executeEntityOperation } from "@sap-mcp/shared/contracts/execute-entity-operation.ts";
import { inputSchemaOf } from "../tool.ts";
import type { Tool } from "../tool.ts";

/** Where writing is off, the tool offers reading only; a model does not try what it is not shown. */
export function executeEntityOperationTool(allowWrites: boolean): Tool {
  const schema = inputSchemaOf(executeEntityOperation);
  const { idempotencyKey: _key, etag: _etag, ...properties } = schema.properties ?? {};
  const readOnlySchema = {
    ...schema,
    properties: { ...properties, operation: { type: "string", enum: ["read", "read-single"] } },
  };
  return {
    title: "Read or change SAP data",
    description:
      "Read rows of an entity set or one by its key" +
      (allowWrites
        ? "; create, update, replace (empties the rest) or delete one."
        : ". Changing data is switched off on this server.") +
      " Where hasMore is true, go on with nextCursor or nextSkip. Dates are ISO 8601; decimals and 64-bit integers are strings, so that no digit is lost.",
    contract: executeEntityOperation,
    inputSchema: allowWrites ? schema : readOnlySchema,
    annotations: allowWrites
      ? { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true }
      : { readOnlyHint: true, openWorldHint: true },
  };
}
