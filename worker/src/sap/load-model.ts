import { createHash } from "node:crypto";
import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { Service } from "../odata/service-directory.ts";
import type { ServiceModel } from "../odata/service-model.ts";
import { explainFailure } from "./explain-failure.ts";
import { talk } from "./contact.ts";
import type { Contact } from "./contact.ts";
import { FleetModels } from "./fleet-models.ts";
import type { KnownModel } from "./fleet-models.ts";

/** The model of a service; its $metadata is read once for the whole fleet and again only when it has changed. */
export async function loadModel(contact: Contact, service: Service): Promise<Outcome<ServiceModel>> {
  const { sap, destination, call } = contact;
  const key = `${destination.tenant} ${destination.name} ${service.path}`;
  const known = await sap.models.get(key, call.signal, (signal, stale) => {
    const shared = { ...contact, call: { ...call, signal } };
    const refresh = (last: KnownModel | undefined) => readModel(shared, service, last);
    if (sap.store === undefined) return refresh(stale);
    const fleet = new FleetModels({ store: sap.store, ttlMs: sap.settings.metadataTtlMs, log: call.log });
    return fleet.load({ key, stale, signal, refresh });
  });
  return known.ok ? succeed(known.value.model) : known;
}

/** Asks SAP for a model, or whether the one that was known last still holds. */
async function readModel(
  contact: Contact,
  service: Service,
  last: KnownModel | undefined,
): Promise<Outcome<KnownModel>> {
  const document = await readDocument(contact, service, last?.etag);
  if (!document.ok) return document;
  if (document.value === undefined) return last === undefined ? failUnchanged(service) : succeed(last);
  const { xml, etag } = document.value;
  const hash = createHash("sha256").update(xml).digest("base64url");
  if (last?.hash === hash) return succeed({ ...last, etag });
  const compiled = await contact.sap.compiler.compile(xml, contact.call.signal);
  return compiled.ok ? succeed({ ...compiled.value, etag, hash }) : compiled;
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
