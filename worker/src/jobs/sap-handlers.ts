import { callSapFunction } from "@sap-mcp/shared/contracts/call-sap-function.ts";
import { discoverServiceEntities } from "@sap-mcp/shared/contracts/discover-service-entities.ts";
import { executeEntityOperation } from "@sap-mcp/shared/contracts/execute-entity-operation.ts";
import { executeSapBatch } from "@sap-mcp/shared/contracts/execute-sap-batch.ts";
import { getEntitySchema } from "@sap-mcp/shared/contracts/get-entity-schema.ts";
import { readServiceMetadata } from "@sap-mcp/shared/contracts/read-service-metadata.ts";
import { searchSapServices } from "@sap-mcp/shared/contracts/search-sap-services.ts";
import { callFunction } from "../sap/call-function.ts";
import { discoverEntities } from "../sap/discover-entities.ts";
import { executeBatch } from "../sap/execute-batch.ts";
import { executeOperation } from "../sap/execute-operation.ts";
import { getSchema } from "../sap/get-schema.ts";
import type { SapSystem } from "../sap/open-sap-system.ts";
import { readMetadata } from "../sap/read-metadata.ts";
import { searchServices } from "../sap/search-services.ts";
import { handlerOf } from "./job-handler.ts";
import type { JobHandler } from "./job-handler.ts";

/** The handlers of the product's jobs. */
export function sapHandlers(sap: SapSystem): readonly JobHandler[] {
  return [
    handlerOf(searchSapServices, (input, context) => searchServices(sap, input, context)),
    handlerOf(discoverServiceEntities, (input, context) => discoverEntities(sap, input, context)),
    handlerOf(getEntitySchema, (input, context) => getSchema(sap, input, context)),
    handlerOf(executeEntityOperation, (input, context) => executeOperation(sap, input, context)),
    handlerOf(callSapFunction, (input, context) => callFunction(sap, input, context)),
    handlerOf(executeSapBatch, (input, context) => executeBatch(sap, input, context)),
    handlerOf(readServiceMetadata, (input, context) => readMetadata(sap, input, context)),
  ];
}
