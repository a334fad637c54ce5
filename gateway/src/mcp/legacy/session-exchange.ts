import { isJSONRPCNotification, isJSONRPCRequest } from "@modelcontextprotocol/server";
import type {
  JSONRPCMessage,
  JSONRPCRequest,
  MessageExtraInfo,
  Transport,
  TransportSendOptions,
} from "@modelcontextprotocol/server";
import type { Session } from "./session-store.ts";
import { frameEvent, standaloneStream } from "./session-events.ts";
import type { SessionEvents } from "./session-events.ts";
import { openSseStream } from "./sse-response.ts";
import type { SseStream } from "./sse-response.ts";

const restoreId = "restore";

export interface SessionExchangeOptions {
  /** Unique over all gateways; lower-case letters, digits and dashes. */
  readonly id: string;
  readonly session: Session;
  readonly request: JSONRPCRequest;
  readonly events: SessionEvents;
  /** Time after which an answer that is not there yet becomes a stream, in ms. */
  readonly upgradeAfterMs: number;
  /** Whether the client knows events without data (2025-11-25 and later). */
  readonly knowsPriming: boolean;
  readonly onEnd: () => void;
}

/**
 * One request of a 2025-era session, as a transport for the SDK server that answers it. The server is made for this
 * request and brought into the session's state by replaying `initialize`, so any gateway can answer. The answer is
 * plain JSON unless the server has something to say first or needs long: then it becomes a stream whose events are
 * kept in Redis, and which the client may resume on any gateway. Requests of the server to the client get ids that
 * name this exchange, so that the client's answer finds its way from whichever gateway receives it.
 */
export class SessionExchange implements Transport {
  onmessage?: (message: JSONRPCMessage, extra?: MessageExtraInfo) => void;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  readonly sessionId: string;
  readonly #options: SessionExchangeOptions;
  readonly #response = Promise.withResolvers<Response>();
  readonly #restored = Promise.withResolvers<void>();
  #upgrade: NodeJS.Timeout | undefined;
  #stream: SseStream | undefined;
  #writing: Promise<void> = Promise.resolve();
  #ended = false;

  constructor(options: SessionExchangeOptions) {
    this.#options = options;
    this.sessionId = options.session.id;
  }

  async start(): Promise<void> {}

  /** Gives the request to the connected server; resolves with the HTTP answer as soon as its shape is known. */
  async run(): Promise<Response> {
    const { request, session, upgradeAfterMs } = this.#options;
    this.#receive({ jsonrpc: "2.0", id: restoreId, method: "initialize", params: { ...session.initialize } });
    await this.#restored.promise;
    this.#receive({ jsonrpc: "2.0", method: "notifications/initialized" });
    this.#upgrade = setTimeout(() => this.#open(), upgradeAfterMs);
    this.#receive(request);
    return this.#response.promise;
  }

  /** Takes what the client sent apart from its request: answers to the server, cancellation, progress. */
  deliver(message: JSONRPCMessage): void {
    if (isJSONRPCRequest(message)) return;
    if (!isJSONRPCNotification(message)) {
      const id = this.#ownId(message.id);
      if (id !== undefined) this.#receive({ ...message, id });
      return;
    }
    if (message.method === "notifications/cancelled") {
      if (message.params?.["requestId"] !== this.#options.request.id) return;
      this.#receive(message);
      // The SDK sends no answer to a cancelled request.
      this.#end();
    } else if (message.method === "notifications/progress") {
      const progressToken = this.#ownId(message.params?.["progressToken"]);
      if (progressToken !== undefined) this.#receive({ ...message, params: { ...message.params, progressToken } });
    }
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    const isAnswer = !("method" in message);
    if (isAnswer && message.id === restoreId) {
      this.#restored.resolve();
      return;
    }
    if (this.#ended) return;
    if (isAnswer) {
      this.#answer(message);
      return;
    }
    const outgoing = isJSONRPCRequest(message) ? this.#withPublicId(message) : message;
    if (options?.relatedRequestId === undefined) {
      await this.#options.events.append(this.sessionId, {
        stream: standaloneStream,
        data: JSON.stringify(outgoing),
        final: false,
      });
      return;
    }
    this.#open();
    await this.#emit(JSON.stringify(outgoing), false);
  }

  async close(): Promise<void> {
    this.#end();
  }

  #answer(message: JSONRPCMessage): void {
    if (this.#stream === undefined) {
      this.#response.resolve(Response.json(message, { headers: { "mcp-session-id": this.sessionId } }));
      this.#end();
      return;
    }
    void this.#emit(JSON.stringify(message), true).then(() => this.#end());
  }

  /** Turns the answer into a stream, once. */
  #open(): void {
    clearTimeout(this.#upgrade);
    if (this.#stream !== undefined || this.#ended) return;
    // Losing the connection is not a cancellation in this era: the call goes on, its events wait in Redis.
    this.#stream = openSseStream({ "mcp-session-id": this.sessionId }, () => undefined);
    if (this.#options.knowsPriming) void this.#emit("", false);
    this.#response.resolve(this.#stream.response);
  }

  #emit(data: string, final: boolean): Promise<void> {
    const { events, id } = this.#options;
    this.#writing = this.#writing.then(async () => {
      // An event that Redis does not take still reaches the client; it can only not be resumed from.
      const eventId = await events.append(this.sessionId, { stream: id, data, final }).catch(() => undefined);
      this.#stream?.write(frameEvent(eventId, data));
    });
    return this.#writing;
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#upgrade);
    if (this.#stream === undefined) {
      const nothing = openSseStream({ "mcp-session-id": this.sessionId }, () => undefined);
      nothing.end();
      this.#response.resolve(nothing.response);
    }
    this.#stream?.end();
    this.onclose?.();
    this.#options.onEnd();
  }

  #receive(message: JSONRPCMessage): void {
    this.onmessage?.(message, {});
  }

  #withPublicId(message: JSONRPCRequest): JSONRPCRequest {
    const id = this.#publicId(message.id);
    const meta = message.params?._meta;
    if (meta?.progressToken === undefined) return { ...message, id };
    return {
      ...message,
      id,
      params: { ...message.params, _meta: { ...meta, progressToken: this.#publicId(meta.progressToken) } },
    };
  }

  #publicId(id: string | number): string {
    return `${this.#options.id}.${id}`;
  }

  /** The SDK server's own id in one that the client echoes, or undefined if another exchange made it. */
  #ownId(id: unknown): number | undefined {
    const prefix = `${this.#options.id}.`;
    return typeof id === "string" && id.startsWith(prefix) ? Number(id.slice(prefix.length)) : undefined;
  }
}
