import { ResourceNotFoundError } from "@modelcontextprotocol/server";
import { redPixel } from "@sap-mcp/shared/conformance/fixture-media.ts";
import type { McpFeature } from "../src/mcp/feature.ts";

const contents = [
  {
    uri: "test://static-text",
    mimeType: "text/plain",
    text: "This is the content of the static text resource.",
  },
  { uri: "test://static-binary", mimeType: "image/png", blob: redPixel },
  { uri: "test://watched-resource", mimeType: "text/plain", text: "This never changes." },
];
const resources = contents.map(({ uri, mimeType }) => ({
  uri,
  mimeType,
  name: uri.slice("test://".length),
  description: "A resource for the MCP conformance suite",
}));
const resourceTemplates = [
  {
    uriTemplate: "test://template/{id}/data",
    name: "template",
    description: "A resource template for the MCP conformance suite",
    mimeType: "application/json",
  },
];

/** The resources of the MCP conformance suite. */
export const fixtureResources: McpFeature = {
  capabilities: { resources: { subscribe: true } },
  install: (server) => {
    server.setRequestHandler("resources/list", () => ({ resources }));
    server.setRequestHandler("resources/templates/list", () => ({ resourceTemplates }));
    server.setRequestHandler("resources/read", ({ params: { uri } }) => ({ contents: [contentOf(uri)] }));
    // No resource here ever changes, so nothing has to be remembered about who watches one.
    server.setRequestHandler("resources/subscribe", () => ({}));
    server.setRequestHandler("resources/unsubscribe", () => ({}));
  },
};

function contentOf(uri: string) {
  const found = contents.find((content) => content.uri === uri);
  if (found !== undefined) return found;
  const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
  if (id === undefined) throw new ResourceNotFoundError(uri);
  const text = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` });
  return { uri, mimeType: "application/json", text };
}
