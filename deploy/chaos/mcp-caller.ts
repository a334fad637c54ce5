import { Agent, request } from "node:http";

/** How one request to the product ended. `broken` means that no answer came: whether it was executed is not known. */
export type Ending =
  | { readonly kind: "answered"; readonly content: Readonly<Record<string, unknown>> }
  | { readonly kind: "failed"; readonly failure: string }
  | { readonly kind: "broken"; readonly reason: string };

/** Calls tools over plain HTTP, without the repeats that an SDK might hide. Never rejects. */
export type McpCaller = (tool: string, args: Readonly<Record<string, unknown>>, timeoutMs: number) => Promise<Ending>;

interface Answer {
  readonly status: number;
  readonly sessionId: string | undefined;
  readonly text: string;
}

interface Message {
  readonly id?: number;
  readonly error?: { readonly code: number; readonly message: string };
  readonly result?: { readonly isError?: boolean; readonly structuredContent?: Readonly<Record<string, unknown>> };
}

const agent = new Agent({ keepAlive: true, maxSockets: 500 });
const legacyRevision = "2025-11-25";
const clientInfo = { name: "chaos", version: "1" };

/** A client of the revision 2026-07-28: each request stands alone. */
export function modernCaller(url: URL, user: string): McpCaller {
  let lastId = 0;
  return (tool, args, timeoutMs) => {
    lastId += 1;
    const headers = {
      "x-user": user,
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": "tools/call",
      "mcp-name": tool,
    };
    const _meta = {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientCapabilities": {},
      "io.modelcontextprotocol/clientInfo": clientInfo,
    };
    const params = { name: tool, arguments: args, _meta };
    return endingOf(post(url, headers, { jsonrpc: "2.0", id: lastId, method: "tools/call", params }, timeoutMs));
  };
}

/** A client of the 2025 era: its calls belong to a session, which it opens first and again when the server forgot it. */
export function legacyCaller(url: URL, user: string): McpCaller {
  let lastId = 0;
  let session: string | undefined;
  const headersOf = () => ({
    "x-user": user,
    "mcp-protocol-version": legacyRevision,
    "mcp-session-id": session ?? "",
  });
  const openSession = async (timeoutMs: number) => {
    const params = { protocolVersion: legacyRevision, capabilities: {}, clientInfo };
    const answer = await post(
      url,
      { "x-user": user },
      { jsonrpc: "2.0", id: 0, method: "initialize", params },
      timeoutMs,
    );
    session = answer.sessionId;
    if (session !== undefined) {
      await post(url, headersOf(), { jsonrpc: "2.0", method: "notifications/initialized" }, timeoutMs);
    }
    return answer;
  };
  return async (tool, args, timeoutMs) => {
    if (session === undefined) {
      // A session that can't be opened ends like a call that never left.
      const opened = await endingOf(openSession(timeoutMs));
      if (opened.kind !== "answered")
        return opened.kind === "broken" ? { kind: "failed", failure: "no session" } : opened;
    }
    lastId += 1;
    const params = { name: tool, arguments: args };
    const call = post(url, headersOf(), { jsonrpc: "2.0", id: lastId, method: "tools/call", params }, timeoutMs);
    const ending = await endingOf(call);
    if (ending.kind === "failed" && ending.failure === "HTTP 404") session = undefined;
    return ending;
  };
}

async function endingOf(pending: Promise<Answer>): Promise<Ending> {
  let answer: Answer;
  try {
    answer = await pending;
  } catch (error) {
    return { kind: "broken", reason: error instanceof Error ? error.message : String(error) };
  }
  // The router's own words: the instance had the request and broke off.
  if (answer.status === 502) return { kind: "broken", reason: "HTTP 502" };
  const message = messageIn(answer.text);
  if (message?.error !== undefined) {
    return { kind: "failed", failure: answer.status === 404 ? "HTTP 404" : `JSON-RPC ${message.error.code}` };
  }
  if (message?.result === undefined) {
    return answer.status >= 300
      ? { kind: "failed", failure: `HTTP ${answer.status}` }
      : { kind: "broken", reason: "an answer without a result" };
  }
  const content = message.result.structuredContent ?? {};
  if (message.result.isError !== true) return { kind: "answered", content };
  return { kind: "failed", failure: (content.error as { readonly kind?: string } | undefined)?.kind ?? "unnamed" };
}

/** The answer in a JSON body, or the last one in a stream of server-sent events. */
function messageIn(text: string): Message | undefined {
  const bodies = text.trimStart().startsWith("{")
    ? [text]
    : text.split("\n").flatMap((line) => (line.startsWith("data: ") ? [line.slice(6)] : []));
  return bodies
    .flatMap((body) => {
      try {
        return [JSON.parse(body) as Message];
      } catch {
        return [];
      }
    })
    .findLast((message) => message.result !== undefined || message.error !== undefined);
}

/** @throws when the connection breaks before the answer is complete, or when time is up. */
function post(
  url: URL,
  headers: Readonly<Record<string, string>>,
  message: object,
  timeoutMs: number,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const body = JSON.stringify(message);
  const outgoing = request(url, {
    method: "POST",
    agent,
    headers: {
      ...headers,
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      accept: "application/json, text/event-stream",
    },
  });
  const timer = setTimeout(() => outgoing.destroy(new Error(timeUp)), timeoutMs);
  outgoing.on("response", (incoming) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("error", reject);
    incoming.on("end", () => {
      const sessionId = incoming.headers["mcp-session-id"];
      resolve({
        status: incoming.statusCode ?? 0,
        sessionId: typeof sessionId === "string" ? sessionId : undefined,
        text: Buffer.concat(chunks).toString(),
      });
    });
  });
  outgoing.on("error", reject);
  outgoing.end(body);
  return promise.finally(() => clearTimeout(timer));
}

/** The reason of a request that got no answer by its deadline. */
export const timeUp = "no answer by the deadline";
