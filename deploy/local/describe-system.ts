/** What a person needs who sees the system for the first time; `url` is that of the router. */
export function describeSystem(url: string): string {
  const client = { mcpServers: { sap: { type: "http", url: `${url}/mcp` } } };
  return `
The system is ready. Ctrl-C stops it and leaves nothing behind.

  MCP URL   ${url}/mcp
  Health    ${url}/health

Client configuration to paste:

${JSON.stringify(client, null, 2)}

A first call to paste into another terminal:

${firstCall(url)}
`;
}

function firstCall(url: string): string {
  const headers = [
    "content-type: application/json",
    "accept: application/json, text/event-stream",
    "mcp-protocol-version: 2026-07-28",
    "mcp-method: tools/call",
    "mcp-name: search-sap-services",
  ];
  const body = {
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: {
      name: "search-sap-services",
      arguments: { query: "sales order" },
      _meta: {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": { name: "curl", version: "1" },
      },
    },
  };
  return [`curl -sS ${url}/mcp`, ...headers.map((header) => `  -H '${header}'`), `  -d '${JSON.stringify(body)}'`].join(
    " \\\n",
  );
}
