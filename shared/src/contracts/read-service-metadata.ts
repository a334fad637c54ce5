import { z } from "zod";
import { defineJob } from "./define-job.ts";
import { destination, serviceId } from "./fields.ts";

/** The $metadata document of a service as SAP serves it, behind the resource `sap://service/{serviceId}/metadata`. */
export const readServiceMetadata = defineJob({
  name: "read-service-metadata",
  input: z.strictObject({ serviceId, destination }),
  output: z.object({ xml: z.string() }),
  effect: () => "read",
});
