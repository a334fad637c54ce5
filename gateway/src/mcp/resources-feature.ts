import { ProtocolError, ResourceNotFoundError } from "@modelcontextprotocol/server";
import type { JobContract } from "@sap-mcp/shared/contracts/define-job.ts";
import { readServiceMetadata } from "@sap-mcp/shared/contracts/read-service-metadata.ts";
import { searchSapServices } from "@sap-mcp/shared/contracts/search-sap-services.ts";
import { failureTable } from "@sap-mcp/shared/failure.ts";
import { callSap } from "./call-sap.ts";
import type { SapAccess } from "./call-sap.ts";
import type { McpExchange } from "./exchange.ts";
import type { McpFeature } from "./feature.ts";

const servicesUri = "sap://services";
const metadataUri = /^sap:\/\/service\/([^/]+)\/metadata$/;

const resources = [
  {
    uri: servicesUri,
    name: "SAP services",
    description: "The OData services of the default destination",
    mimeType: "application/json",
  },
];
const resourceTemplates = [
  {
    uriTemplate: "sap://service/{serviceId}/metadata",
    name: "Service metadata",
    description: "The $metadata document of a service, as SAP serves it",
    mimeType: "application/xml",
  },
];

/** The resources `sap://services` and `sap://service/{serviceId}/metadata`; reading one is a job like any other. */
export function resourcesFeature(access: SapAccess): McpFeature {
  return {
    capabilities: { resources: {} },
    install: (server, exchange) => {
      server.setRequestHandler("resources/list", () => ({ resources }));
      server.setRequestHandler("resources/templates/list", () => ({ resourceTemplates }));
      server.setRequestHandler("resources/read", async ({ params: { uri } }, context) => {
        const read = readerOf(access, exchange, context.mcpReq.signal);
        if (uri === servicesUri) {
          const json = await read(searchSapServices, { limit: 200 });
          return { contents: [{ uri, mimeType: "application/json", text: json.toString() }] };
        }
        const serviceId = serviceIdOf(uri);
        if (serviceId === undefined) throw new ResourceNotFoundError(uri);
        const { xml } = readServiceMetadata.output.parse(
          JSON.parse((await read(readServiceMetadata, { serviceId })).toString()),
        );
        return { contents: [{ uri, mimeType: "application/xml", text: xml }] };
      });
    },
  };
}

function serviceIdOf(uri: string): string | undefined {
  const encoded = metadataUri.exec(uri)?.[1];
  if (encoded === undefined) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

function readerOf(access: SapAccess, exchange: McpExchange, signal: AbortSignal) {
  return async (contract: JobContract, input: unknown): Promise<Buffer> => {
    const outcome = await callSap(access, { contract, input, exchange, signal });
    if (outcome.ok) return outcome.value;
    const { kind, message, guidance } = outcome.failure;
    throw new ProtocolError(failureTable[kind].jsonRpcCode, [message, guidance].join(" ").trim(), outcome.failure);
  };
}
