import { z } from "zod";

/** Fields that several contracts share. */
export const destination = z
  .string()
  .min(1)
  .max(200)
  .optional()
  .describe("SAP system to use; leave out for the default one");

/** The gateway takes it out of the input and hands it over beside it. */
export const idempotencyKey = z
  .string()
  .min(1)
  .max(200)
  .optional()
  .describe("Your own id of this change: repeated with it, it is executed once");

export const serviceId = z.string().min(1).max(300).describe("Service id as returned by search-sap-services");

export const entitySetName = z.string().min(1).max(300).describe("Entity set as returned by discover-service-entities");

export const odataVersion = z.enum(["V2", "V4"]);

export const serviceReference = z.object({ id: z.string(), odataVersion });

/** A function or an action, as call-sap-function takes it. */
export const callable = z.object({
  name: z.string(),
  label: z.string().optional(),
  kind: z.enum(["function", "action"]),
  /** Whether it is called on one entity or on the whole set; absent when it stands alone. */
  on: z.enum(["entity", "collection"]).optional(),
  /** The entity set of that entity. */
  entityName: z.string().optional(),
  /** Each as `Name: Type`, with a question mark behind the name of one that may be left out. */
  parameters: z.array(z.string()).optional(),
  returns: z.string().optional(),
});
