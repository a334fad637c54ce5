import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { collectDeclarations } from "./collect-declarations.ts";
import type { Attributes } from "./declarations.ts";
import { linkModel } from "./link-model.ts";
import { RefusedDocument } from "./refused-document.ts";
import { scanXml } from "./scan-xml.ts";
import type { ServiceModel } from "./service-model.ts";

/** Far above any real service: the largest of 585 documents of S/4HANA has 2.4 million characters. */
const maxCharacters = 64_000_000;
const maxDepth = 100;
const sapNamespace = "http://www.sap.com/Protocols/SAPData";

/** Reads the $metadata document of a V2 or V4 service in one pass; what is no such document is refused with the reason. */
export function parseMetadata(xml: string): Outcome<ServiceModel> {
  try {
    return succeed(parse(xml));
  } catch (error) {
    if (!(error instanceof RefusedDocument)) throw error;
    return fail("bad-answer", `The $metadata document of the service can't be read: ${error.message}.`, {
      guidance:
        "It was cut off on its way or is no OData service description. Try again; if it stays so, ask the SAP administrator.",
    });
  }
}

function parse(xml: string): ServiceModel {
  if (xml.length > maxCharacters)
    throw new RefusedDocument(`it has ${xml.length} characters, more than ${maxCharacters}`);
  const collector = collectDeclarations();
  let depth = 0;
  let sapPrefix = "sap:";
  scanXml(xml, {
    open: (name, attributes) => {
      depth += 1;
      const local = localName(name);
      if (depth === 1 && local !== "Edmx")
        throw new RefusedDocument(`its root is <${name.slice(0, 80)}> and not <edmx:Edmx>`);
      if (depth > maxDepth) throw new RefusedDocument(`it is nested more than ${maxDepth} levels deep`);
      // SAP binds its prefix on one of the outer elements, and nearly always as "sap".
      if (depth <= 3) sapPrefix = prefixIn(attributes) ?? sapPrefix;
      collector.open(local, sapPrefix === "sap:" ? attributes : withSapPrefix(attributes, sapPrefix));
    },
    text: (content) => collector.text(content),
    close: () => {
      depth -= 1;
      collector.close();
    },
  });
  return linkModel(collector.declarations);
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

function prefixIn(attributes: Attributes): string | undefined {
  const declaration = [...attributes].find(([name, value]) => value === sapNamespace && name.startsWith("xmlns:"));
  return declaration && `${localName(declaration[0])}:`;
}

function withSapPrefix(attributes: Attributes, prefix: string): Attributes {
  return new Map(
    [...attributes].map(([name, value]) => [name.startsWith(prefix) ? `sap:${localName(name)}` : name, value]),
  );
}
