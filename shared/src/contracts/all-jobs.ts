import { callSapFunction } from "./call-sap-function.ts";
import type { JobContract } from "./define-job.ts";
import { discoverServiceEntities } from "./discover-service-entities.ts";
import { executeEntityOperation } from "./execute-entity-operation.ts";
import { executeSapBatch } from "./execute-sap-batch.ts";
import { getEntitySchema } from "./get-entity-schema.ts";
import { readServiceMetadata } from "./read-service-metadata.ts";
import { searchSapServices } from "./search-sap-services.ts";

/** Every job of the product. A worker refuses to start when one of them has no handler. */
export const allJobs: readonly JobContract[] = [
  searchSapServices,
  discoverServiceEntities,
  getEntitySchema,
  executeEntityOperation,
  callSapFunction,
  executeSapBatch,
  readServiceMetadata,
];
