import type { Tool } from "../tool.ts";
import { callSapFunctionTool } from "./call-sap-function.ts";
import { discoverServiceEntitiesTool } from "./discover-service-entities.ts";
import { executeEntityOperationTool } from "./execute-entity-operation.ts";
import { executeSapBatchTool } from "./execute-sap-batch.ts";
import { getEntitySchemaTool } from "./get-entity-schema.ts";
import { searchSapServicesTool } from "./search-sap-services.ts";

/** The tools of the product, in the order in which clients see them. */
export function sapTools(allowWrites: boolean): readonly Tool[] {
  return [
    searchSapServicesTool,
    discoverServiceEntitiesTool,
    getEntitySchemaTool,
    executeEntityOperationTool(allowWrites),
    callSapFunctionTool(allowWrites),
    executeSapBatchTool(allowWrites),
  ];
}

/** Told to the model once, when it connects. */
export const sapInstructions =
  "Find a service with search-sap-services, its entity sets with discover-service-entities, the fields with " +
  "get-entity-schema, then read or change data with execute-entity-operation. Names are case sensitive.";
