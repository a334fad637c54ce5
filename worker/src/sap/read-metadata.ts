import type { InputOf, OutputOf } from "@sap-mcp/shared/contracts/define-job.ts";
import type { readServiceMetadata } from "@sap-mcp/shared/contracts/read-service-metadata.ts";
import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { readDocument } from "./load-model.ts";
import { locateService } from "./locate-service.ts";
import type { SapSystem } from "./open-sap-system.ts";
import type { SapCall } from "./sap-call.ts";

type Contract = typeof readServiceMetadata;

/** The $metadata document of a service as SAP serves it. */
export async function readMetadata(
  sap: SapSystem,
  input: InputOf<Contract>,
  call: SapCall,
): Promise<Outcome<OutputOf<Contract>>> {
  const located = await locateService(sap, input, call);
  if (!located.ok) return located;
  const document = await readDocument(located.value.contact, located.value.service);
  if (!document.ok) return document;
  return document.value === undefined
    ? fail("bad-answer", "SAP sent no metadata.")
    : succeed({ xml: document.value.xml });
}
