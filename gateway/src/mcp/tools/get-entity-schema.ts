import { getEntitySchema } from "@sap-mcp/shared/contracts/get-entity-schema.ts";
import type { Tool } from "../tool.ts";

export const getEntitySchemaTool: Tool = {
  title: "Get entity schema",
  description: "Fields, types, keys and navigation properties of one entity set.",
  contract: getEntitySchema,
  annotations: { readOnlyHint: true, openWorldHint: true },
};
