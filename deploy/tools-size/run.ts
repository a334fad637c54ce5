import { provideRedis } from "../local/redis.ts";
import { openSandbox } from "../local/sandbox/open-sandbox.ts";
import { gatewayEntry, startProcess, workerEntry } from "../local/start-process.ts";

/** Characters that make one token of JSON, as a rule of thumb. */
const charactersPerToken = 4;
const flatServices = "API_SALES_ORDER_SRV,API_BUSINESS_PARTNER";

const modes: readonly { readonly name: string; readonly env: Readonly<Record<string, string>> }[] = [
  { name: "hierarchical (default)", env: { TOOL_MODE: "hierarchical", SAP_ALLOW_WRITES: "true" } },
  { name: "hierarchical, read-only", env: { TOOL_MODE: "hierarchical" } },
  { name: "single", env: { TOOL_MODE: "single", SAP_ALLOW_WRITES: "true" } },
  { name: "upstream", env: { TOOL_MODE: "upstream", SAP_ALLOW_WRITES: "true" } },
  {
    name: `flat over ${flatServices}`,
    env: { TOOL_MODE: "flat", FLAT_SERVICES: flatServices, SAP_ALLOW_WRITES: "true" },
  },
];

/** `pnpm tools:size`: what tools/list costs an agent in each mode, asked of real gateways over the sandbox SAP system. */
await using stack = new AsyncDisposableStack();
const redis = stack.use(
  await provideRedis({ env: process.env, appendOnly: false, report: (step) => console.log(step) }),
);
const sandbox = stack.adopt(await openSandbox(), (it) => it.close());
const env = {
  REDIS_URL: redis.url,
  SAP_DESTINATION_NAME: "S4",
  LOG_LEVEL: "error",
  destinations: JSON.stringify([{ name: "S4", url: sandbox.url }]),
};
const worker = stack.use(await startProcess({ name: "worker", entry: workerEntry, env }));
await worker.ready();
const rows: Record<string, { tools: number; characters: number; "tokens (estimated)": number }> = {};
for (const { name, env: own } of modes) {
  await using gateway = await startProcess({ name: "gateway", entry: gatewayEntry, env: { ...env, ...own } });
  await gateway.ready();
  const tools = await listTools(gateway.url);
  const characters = JSON.stringify(tools).length;
  rows[name] = { tools: tools.length, characters, "tokens (estimated)": Math.ceil(characters / charactersPerToken) };
}
console.table(rows);

async function listTools(url: string): Promise<readonly unknown[]> {
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": { name: "tools-size", version: "1" },
  };
  const response = await fetch(`${url}/mcp`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": "tools/list",
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params: { _meta } }),
  });
  const { result, error } = (await response.json()) as { result?: { tools: unknown[] }; error?: { message: string } };
  if (result === undefined) throw new Error(error?.message ?? "no answer");
  return result.tools;
}
