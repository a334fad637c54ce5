import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from "@modelcontextprotocol/client";
import { Client as LegacyClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as LegacyTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

/** What a test needs of a client, whichever SDK it comes from. */
export interface TestClient extends AsyncDisposable {
  readonly listTools: () => Promise<readonly string[]>;
  readonly call: (name: string, args: Record<string, unknown>, onProgress?: () => void) => Promise<CallAnswer>;
  readonly readResource: (uri: string) => Promise<string>;
}

export interface CallAnswer {
  readonly isError: boolean;
  readonly text: string;
  readonly content: Readonly<Record<string, unknown>>;
}

const identity = { name: "test", version: "1" };

/** The clients in use: SDK v1, and SDK v2 in both eras. */
export const clientKinds = {
  "SDK v1 (2025 era)": openV1Client,
  "SDK v2 in the 2025 era": (url: URL) => openV2Client(url, "legacy"),
  "SDK v2 in the 2026-07-28 era": (url: URL) => openV2Client(url, "auto"),
};

async function openV1Client(url: URL): Promise<TestClient> {
  const client = new LegacyClient(identity);
  await client.connect(new LegacyTransport(url));
  return {
    listTools: async () => (await client.listTools()).tools.map((tool) => tool.name),
    call: async (name, args, onProgress) =>
      answerOf(
        await client.callTool(
          { name, arguments: args },
          undefined,
          onProgress === undefined ? {} : { onprogress: onProgress },
        ),
      ),
    readResource: async (uri) => textOf(await client.readResource({ uri })),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

async function openV2Client(url: URL, mode: "legacy" | "auto"): Promise<TestClient> {
  const client = new ModernClient(identity, { versionNegotiation: { mode } });
  await client.connect(new ModernTransport(url));
  const era = client.getProtocolEra();
  if (era !== (mode === "auto" ? "modern" : "legacy")) throw new Error(`the client negotiated the ${era} era`);
  return {
    listTools: async () => (await client.listTools()).tools.map((tool) => tool.name),
    call: async (name, args, onProgress) =>
      answerOf(
        await client.callTool({ name, arguments: args }, onProgress === undefined ? {} : { onprogress: onProgress }),
      ),
    readResource: async (uri) => textOf(await client.readResource({ uri })),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

function answerOf(result: Readonly<Record<string, unknown>>): CallAnswer {
  const [first] = result.content as readonly { readonly text: string }[];
  return {
    isError: result.isError === true,
    text: first?.text ?? "",
    content: (result.structuredContent ?? {}) as Readonly<Record<string, unknown>>,
  };
}

function textOf({ contents }: { readonly contents: readonly object[] }): string {
  const [first] = contents as readonly { readonly text?: string }[];
  return first?.text ?? "";
}
