import type { RedisConnection } from "@sap-mcp/shared/redis-connection.ts";
import type { RedisChannels } from "./redis-channels.ts";

/** Name of a session's standalone stream: what belongs to no request of the client. */
export const standaloneStream = "get";

const maxEvents = 1_000;
/** Time after which a client comes back for a stream that was closed, in ms. */
const retryMs = 1_000;
const lifetimeS = 3_600;

/** One server-sent event of a session, kept so that a client may resume its stream on any gateway. */
export interface SessionEvent {
  /** `{position}_{stream}`, as given to the client. */
  readonly id: string;
  readonly stream: string;
  /** JSON-RPC message, or empty. */
  readonly data: string;
  /** Whether the stream ends with this event. */
  readonly final: boolean;
}

/** Events of 2025-era sessions: a Redis stream per session holds them, a channel per session tells that there are new ones. */
export interface SessionEvents {
  /** Stores an event and returns its id. */
  readonly append: (sessionId: string, event: Omit<SessionEvent, "id">) => Promise<string>;
  /** Events of one stream behind a position, oldest first. */
  readonly readAfter: (sessionId: string, at: EventPosition) => Promise<SessionEvent[]>;
  /** Position of the newest event of the session. */
  readonly newestPosition: (sessionId: string) => Promise<string>;
  /** Calls the listener when there may be new events, and with `closed` when the session or its standalone stream ended. */
  readonly watch: (sessionId: string, listener: (news: string) => void) => Promise<() => void>;
  readonly announce: (sessionId: string, news: string) => Promise<void>;
  readonly remove: (sessionId: string) => Promise<void>;
}

export interface EventPosition {
  readonly position: string;
  readonly stream: string;
}

/** The place that a Last-Event-ID names, or undefined when it is none of ours. */
export function parseEventId(id: string): EventPosition | undefined {
  const match = /^(\d{1,20}-\d{1,20})_([a-z0-9-]{1,64})$/.exec(id);
  return match === null ? undefined : { position: match[1] as string, stream: match[2] as string };
}

export function createSessionEvents(redis: RedisConnection, channels: RedisChannels, prefix: string): SessionEvents {
  const eventsKey = (sessionId: string) => `${prefix}:mcp-events:${sessionId}`;
  const bell = (sessionId: string) => `${prefix}:mcp-bell:${sessionId}`;
  return {
    append: async (sessionId, { stream, data, final }) => {
      const key = eventsKey(sessionId);
      const answers = await redis
        .pipeline()
        .xadd(key, "MAXLEN", "~", maxEvents, "*", "stream", stream, "data", data, "final", final ? "1" : "0")
        .expire(key, lifetimeS)
        .publish(bell(sessionId), "event")
        .exec();
      const [error, position] = answers?.[0] ?? [];
      if (error) throw error;
      return `${String(position)}_${stream}`;
    },
    readAfter: async (sessionId, { position, stream }) => {
      const entries = await redis.xrange(eventsKey(sessionId), `(${position}`, "+");
      return entries
        .filter(([, fields]) => fields[1] === stream)
        .map(([id, fields]) => ({ id: `${id}_${stream}`, stream, data: fields[3] ?? "", final: fields[5] === "1" }));
    },
    newestPosition: async (sessionId) => {
      const [newest] = await redis.xrevrange(eventsKey(sessionId), "+", "-", "COUNT", 1);
      return newest?.[0] ?? "0-0";
    },
    watch: (sessionId, listener) => channels.subscribe(bell(sessionId), listener),
    announce: (sessionId, news) => channels.publish(bell(sessionId), news),
    remove: async (sessionId) => {
      await redis.del(eventsKey(sessionId));
    },
  };
}

/** An event in the format of server-sent events (HTML Living Standard section 9.2); the one without data primes the client. */
export function frameEvent(id: string | undefined, data: string): string {
  const retry = data === "" ? `retry: ${retryMs}\n` : "";
  return `event: message\n${id === undefined ? "" : `id: ${id}\n`}${retry}data: ${data}\n\n`;
}
