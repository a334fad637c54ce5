import http from "k6/http";
import { check } from "k6";

const url = `${__ENV.MCP_URL}`;
const common = { "content-type": "application/json", accept: "application/json, text/event-stream" };

/** A user of the 2026-07-28 protocol: every request stands alone. */
export function modernUser() {
  return {
    request: (method, params) => {
      const name = params.name ?? params.uri;
      const headers = { ...common, "mcp-protocol-version": "2026-07-28", "mcp-method": method };
      if (name !== undefined) headers["mcp-name"] = name;
      const _meta = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": { name: "k6", version: "1" },
      };
      return post(method, { ...params, _meta }, headers);
    },
  };
}

/** A user of the 2025-11-25 protocol: opens a session and keeps to it. */
export function legacyUser() {
  const clientInfo = { name: "k6", version: "1" };
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
  const opened = post("initialize", params, common);
  const headers = {
    ...common,
    "mcp-protocol-version": "2025-11-25",
    "mcp-session-id": opened.response.headers["Mcp-Session-Id"],
  };
  return { request: (method, given) => post(method, given, headers) };
}

/** Calls a tool and checks that it answers without an error; gives its structured content. */
export function callTool(user, name, args) {
  const { response, message } = user.request("tools/call", { name, arguments: args });
  const result = message?.result;
  const fine = check(response, { [`${name} succeeds`]: () => result !== undefined && result.isError !== true });
  if (!fine) console.error(`${name} ${JSON.stringify(args)}: ${response.status} ${response.body}`);
  return result?.structuredContent;
}

function post(method, params, headers) {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const response = http.post(url, body, { headers, tags: { method } });
  check(response, { [`${method} is answered`]: (it) => it.status === 200 });
  return { response, message: messageOf(response) };
}

/** The JSON-RPC answer, alone or as the last event of a stream. */
function messageOf(response) {
  const text = String(response.body);
  const data = response.headers["Content-Type"]?.startsWith("text/event-stream")
    ? text.slice(text.lastIndexOf("data: ") + "data: ".length)
    : text;
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
