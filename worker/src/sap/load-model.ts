import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { parseMetadata } from "../odata/parse-metadata.ts";
import type { Service } from "../odata/service-directory.ts";
import type { ServiceModel } from "../odata/service-model.ts";
import { explainFailure } from "./explain-failure.ts";
import { talk } from "./contact.ts";
import type { Contact } from "./contact.ts";

/** A model and the ETag by which SAP tells whether it still holds. */
export interface KnownModel {
  readonly model: ServiceModel;
  readonly etag: string | undefined;
}

/** The model of a service; its $metadata is read once for all callers and again only when it has changed. */
export async function loadModel(contact: Contact, service: Service): Promise<Outcome<ServiceModel>> {
  const { sap, destination, call } = contact;
  const key = `${destination.tenant} ${destination.name} ${service.path}`;
  const known = await sap.models.get(key, call.signal, async (signal, stale) => {
    const shared = { ...contact, call: { ...call, signal } };
    const document = await readDocument(shared, service, stale?.etag);
    if (!document.ok) return document;
    if (document.value === undefined) return stale === undefined ? failUnchanged(service) : succeed(stale);
    const model = parseMetadata(document.value.xml);
    return model.ok ? succeed({ model: model.value, etag: document.value.etag }) : model;
  });
  return known.ok ? succeed(known.value.model) : known;
}

/** The $metadata document of a service; undefined when it still has the ETag. */
export function readDocument(
  contact: Contact,
  service: Service,
  etag?: string,
): Promise<Outcome<{ xml: string; etag: string | undefined } | undefined>> {
  return talk(contact, async ({ read }) => {
    const headers = { accept: "application/xml", ...(etag !== undefined && { "if-none-match": etag }) };
    const answer = await read({ path: `${service.path}/$metadata`, headers });
    if (!answer.ok) return explainFailure(`The metadata of ${service.id} can't be read`, answer.failure);
    return succeed(
      answer.value.status === 304 ? undefined : { xml: answer.value.body, etag: answer.value.headers["etag"] },
    );
  });
}

function failUnchanged(service: Service): ReturnType<typeof fail> {
  return fail("bad-answer", `SAP called the metadata of ${service.id} unchanged, though it was not read before.`);
}
