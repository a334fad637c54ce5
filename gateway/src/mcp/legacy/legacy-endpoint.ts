import { randomUUID } from "node:crypto";
import {
  isInitializeRequest,
  isJSONRPCNotification,
  isJSONRPCRequest,
  parseJSONRPCMessage,
  SUPPORTED_PROTOCOL_VERSIONS,
} from "@modelcontextprotocol/server";
import type { JSONRPCMessage, JSONRPCRequest } from "@modelcontextprotocol/server";
import type { Logger } from "@sap-mcp/shared/logger.ts";
import type { CreateServer } from "../create-server.ts";
import type { McpExchange } from "../exchange.ts";
import { jsonRpcErrorResponse } from "../json-rpc-response.ts";
import { openEventStream } from "./event-stream.ts";
import type { RedisChannels } from "./redis-channels.ts";
import { createSessionInbox } from "./session-inbox.ts";
import { SessionExchange } from "./session-exchange.ts";
import { parseEventId } from "./session-events.ts";
import type { SessionEvents } from "./session-events.ts";
import type { Session, SessionStore } from "./session-store.ts";

export interface LegacyEndpointOptions {
  readonly createServer: CreateServer;
  readonly sessions: SessionStore;
  readonly events: SessionEvents;
  readonly channels: RedisChannels;
  readonly prefix: string;
  readonly upgradeAfterMs: number;
  readonly log: Logger;
}

export interface LegacyEndpoint extends Disposable {
  readonly answer: (exchange: McpExchange) => Promise<Response>;
}

/** The 2025-era transport (Streamable HTTP, 2025-03-26 to 2025-11-25) over sessions in Redis: any gateway answers any request. */
export function createLegacyEndpoint(options: LegacyEndpointOptions): LegacyEndpoint {
  const { createServer, sessions, events } = options;
  const inbox = createSessionInbox(options);
  const streams = new Set<() => void>();

  const answer = async (exchange: McpExchange): Promise<Response> => {
    if (!["POST", "GET", "DELETE"].includes(exchange.method)) return methodNotAllowed();
    if (exchange.method === "POST") return post(exchange);
    if (exchange.headers.get("mcp-session-id") === null) return methodNotAllowed();
    const session = await sessionOf(exchange);
    if (session instanceof Response) return session;
    return exchange.method === "GET" ? follow(exchange, session) : close(exchange, session);
  };

  const post = async (exchange: McpExchange): Promise<Response> => {
    const message = messageOf(exchange.body);
    if (message instanceof Response) return message;
    const accepted = exchange.headers.get("accept") ?? "";
    if (!accepted.includes("application/json") || !accepted.includes("text/event-stream")) {
      return refuse(406, "Not acceptable: the client must accept both application/json and text/event-stream.");
    }
    if (isJSONRPCRequest(message) && message.method === "initialize") return initialize(exchange, message);
    const session = await sessionOf(exchange);
    if (session instanceof Response) return session;
    if (isJSONRPCRequest(message)) return call(exchange, session, message);
    // What speaks of a call that runs on some gateway goes to all of them; the rest needs no answer and changes nothing.
    if (!isJSONRPCNotification(message) || message.method !== "notifications/initialized")
      await inbox.post(session.id, message);
    return new Response(null, { status: 202 });
  };

  const initialize = async (exchange: McpExchange, request: JSONRPCRequest): Promise<Response> => {
    if (!isInitializeRequest(request)) {
      const message = "initialize needs protocolVersion, capabilities and clientInfo.";
      return jsonRpcErrorResponse(400, { code: -32602, message }, { id: request.id });
    }
    const session = await sessions.create(exchange.caller, { ...request.params });
    return call(exchange, session, {
      jsonrpc: "2.0",
      id: request.id,
      method: "initialize",
      params: { ...request.params },
    });
  };

  const call = async (exchange: McpExchange, session: Session, request: JSONRPCRequest): Promise<Response> => {
    const server = createServer(exchange);
    const running: SessionExchange = new SessionExchange({
      id: randomUUID(),
      session,
      request,
      events,
      upgradeAfterMs: options.upgradeAfterMs,
      knowsPriming: (exchange.headers.get("mcp-protocol-version") ?? "") >= "2025-11-25",
      onEnd: () => inbox.remove(session.id, running),
    });
    inbox.add(session.id, running);
    await server.connect(running);
    return running.run();
  };

  const follow = async (exchange: McpExchange, session: Session): Promise<Response> => {
    if (!(exchange.headers.get("accept") ?? "").includes("text/event-stream")) {
      return refuse(406, "Not acceptable: the client must accept text/event-stream.");
    }
    const lastEventId = exchange.headers.get("last-event-id");
    const resumeAt = lastEventId === null ? undefined : parseEventId(lastEventId);
    if (lastEventId !== null && resumeAt === undefined) return refuse(400, "Last-Event-ID is none of this server's.");
    return openEventStream({ sessionId: session.id, events, resumeAt, streamId: randomUUID(), open: streams });
  };

  const close = async (exchange: McpExchange, session: Session): Promise<Response> => {
    await sessions.remove(exchange.caller, session.id);
    await inbox.closeSession(session.id);
    await events.announce(session.id, "closed");
    await events.remove(session.id);
    return new Response(null, { status: 204 });
  };

  const sessionOf = async (exchange: McpExchange): Promise<Session | Response> => {
    const sessionId = exchange.headers.get("mcp-session-id");
    if (sessionId === null) return refuse(400, "The Mcp-Session-Id header is required; begin with initialize.");
    const version = exchange.headers.get("mcp-protocol-version");
    if (version !== null && !SUPPORTED_PROTOCOL_VERSIONS.includes(version)) {
      return refuse(
        400,
        `Unsupported protocol version: ${version}. Supported: ${SUPPORTED_PROTOCOL_VERSIONS.join(", ")}.`,
      );
    }
    return (await sessions.touch(exchange.caller, sessionId)) ?? sessionNotFound();
  };

  return {
    answer,
    [Symbol.dispose]: () => {
      for (const end of streams) end();
    },
  };
}

function messageOf(body: unknown): JSONRPCMessage | Response {
  if (Array.isArray(body)) {
    return jsonRpcErrorResponse(400, {
      code: -32600,
      message: "Batches are not supported; send one message per request.",
    });
  }
  try {
    return parseJSONRPCMessage(body);
  } catch {
    return jsonRpcErrorResponse(
      400,
      { code: -32600, message: "The body is not a JSON-RPC 2.0 message." },
      { id: idOf(body) },
    );
  }
}

function idOf(body: unknown): string | number | null {
  const id = typeof body === "object" && body !== null && "id" in body ? body.id : null;
  return typeof id === "string" || typeof id === "number" ? id : null;
}

function refuse(httpStatus: number, message: string): Response {
  return jsonRpcErrorResponse(httpStatus, { code: -32000, message });
}

/** Tells the client to begin a new session (specification 2025-11-25, basic/transports, session management). */
function sessionNotFound(): Response {
  return jsonRpcErrorResponse(404, { code: -32001, message: "Session not found; begin a new one with initialize." });
}

function methodNotAllowed(): Response {
  const error = { code: -32000, message: "Method not allowed; POST JSON-RPC messages here." };
  return jsonRpcErrorResponse(405, error, { headers: { allow: "POST, GET, DELETE" } });
}
