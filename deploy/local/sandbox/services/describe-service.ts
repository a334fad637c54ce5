import { headerOf, wantsJson } from "../odata/odata-message.ts";
import type { ODataAnswer, ODataRequest } from "../odata/odata-message.ts";
import { readOptions } from "../odata/read-options.ts";
import { versionHeader } from "../odata/write-answer.ts";
import { element } from "../odata/xml-text.ts";
import type { Service } from "./service.ts";

/** The service document, or $metadata with an ETag by which a client asks whether it still holds. */
export function describeService(request: ODataRequest, service: Service): ODataAnswer {
  readOptions(request.query, ["$format"]);
  const { definition, metadata, sets } = service;
  if (request.path === "$metadata") {
    const headers = {
      "content-type": "application/xml;charset=utf-8",
      etag: metadata.etag,
      ...versionHeader(definition),
    };
    const isKnown = headerOf(request.headers, "if-none-match")?.includes(metadata.etag) === true;
    return isKnown ? { status: 304, headers, body: "" } : { status: 200, headers, body: metadata.xml };
  }
  const names = [...sets.keys()];
  if (definition.version === "V4") {
    const value = names.map((name) => ({ name, url: name }));
    return json({ "@odata.context": "$metadata", "@odata.metadataEtag": metadata.etag, value }, definition.version);
  }
  if (wantsJson(request, "V2")) return json({ d: { EntitySets: names } }, definition.version);
  const collections = names.map((name) =>
    element("app:collection", { href: name }, [`<atom:title type="text">${name}</atom:title>`]),
  );
  const body = element(
    "app:service",
    { "xml:lang": "en", "xmlns:app": "http://www.w3.org/2007/app", "xmlns:atom": "http://www.w3.org/2005/Atom" },
    [element("app:workspace", {}, ['<atom:title type="text">Data</atom:title>', ...collections])],
  );
  return {
    status: 200,
    headers: { "content-type": "application/atomsvc+xml;charset=utf-8", ...versionHeader(definition) },
    body: `<?xml version="1.0" encoding="utf-8"?>${body}`,
  };
}

function json(content: unknown, version: "V2" | "V4"): ODataAnswer {
  return {
    status: 200,
    headers: { "content-type": "application/json;charset=utf-8", ...versionHeader({ version }) },
    body: JSON.stringify(content),
  };
}
