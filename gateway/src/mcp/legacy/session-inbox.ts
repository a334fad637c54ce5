import { parseJSONRPCMessage } from "@modelcontextprotocol/server";
import type { JSONRPCMessage } from "@modelcontextprotocol/server";
import type { Logger } from "@sap-mcp/shared/logger.ts";
import { z } from "zod";
import type { RedisChannels } from "./redis-channels.ts";
import type { SessionExchange } from "./session-exchange.ts";

/** Without a message: the session has ended. */
const postSchema = z.object({ sessionId: z.string(), message: z.unknown().optional() });

/**
 * Brings what a client says about a running call (answers to the server's questions, cancellation) to the gateway that
 * runs it. All gateways hear it; such messages are rare, so that costs less than remembering who runs what.
 */
export interface SessionInbox {
  readonly add: (sessionId: string, exchange: SessionExchange) => void;
  readonly remove: (sessionId: string, exchange: SessionExchange) => void;
  readonly post: (sessionId: string, message: JSONRPCMessage) => Promise<void>;
  /** Ends the running calls of a session, on every gateway. */
  readonly closeSession: (sessionId: string) => Promise<void>;
}

export function createSessionInbox(options: {
  readonly channels: RedisChannels;
  readonly prefix: string;
  readonly log: Logger;
}): SessionInbox {
  const { channels, log } = options;
  const channel = `${options.prefix}:mcp-inbox`;
  const running = new Map<string, Set<SessionExchange>>();

  const receive = (text: string) => {
    const { sessionId, message } = postSchema.parse(JSON.parse(text));
    for (const exchange of running.get(sessionId) ?? []) {
      if (message === undefined) void exchange.close();
      else exchange.deliver(parseJSONRPCMessage(message));
    }
  };
  channels
    .subscribe(channel, (text) => {
      try {
        receive(text);
      } catch (error) {
        log.error({ err: error }, "a session message could not be read");
      }
    })
    .catch((error: unknown) => log.error({ err: error }, "session messages can't be received"));

  return {
    add: (sessionId, exchange) => {
      const exchanges = running.get(sessionId) ?? new Set();
      running.set(sessionId, exchanges.add(exchange));
    },
    remove: (sessionId, exchange) => {
      const exchanges = running.get(sessionId);
      exchanges?.delete(exchange);
      if (exchanges?.size === 0) running.delete(sessionId);
    },
    post: (sessionId, message) => channels.publish(channel, JSON.stringify({ sessionId, message })),
    closeSession: (sessionId) => channels.publish(channel, JSON.stringify({ sessionId })),
  };
}
