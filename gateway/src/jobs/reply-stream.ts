import type { Logger } from "@sap-mcp/shared/logger.ts";
import type { RedisConnection } from "@sap-mcp/shared/redis-connection.ts";
import { parkedReplyKey } from "@sap-mcp/shared/keys.ts";
import { decodeReply } from "@sap-mcp/shared/reply.ts";
import type { Reply } from "@sap-mcp/shared/reply.ts";

const blockMs = 5_000;
/** With results of `parkAboveBytes` at most, one read brings 32 MB at most. */
const entriesPerRead = 128;
/** What was read is dropped from Redis at each upkeep, and sooner when it is this much. */
const trimAboveBytes = 4 * 1_048_576;
const lifetimeS = 120;
const upkeepIntervalMs = 20_000;

export interface ReplyStreamOptions {
  readonly key: string;
  readonly prefix: string;
  /** A connection of its own, which waits while Redis is away: its reads block. */
  readonly reader: RedisConnection;
  readonly commands: RedisConnection;
  readonly onReply: (reply: Reply) => void;
  readonly log: Logger;
}

/**
 * The Redis stream on which workers answer this gateway process. A stream and not pub/sub, so that a dropped
 * connection loses nothing: reading goes on behind the last entry seen. The stream dies with its gateway by its TTL,
 * and workers never create it, so answers to the dead are dropped.
 */
export class ReplyStream {
  readonly #options: ReplyStreamOptions;
  #lastId = "0-0";
  #trimmedId = "0-0";
  #untrimmedBytes = 0;
  #closed = false;
  #upkeep: NodeJS.Timeout | undefined;

  constructor(options: ReplyStreamOptions) {
    this.#options = options;
  }

  open(): void {
    void this.#read();
    this.#upkeep = setInterval(() => void this.#keepUp(), upkeepIntervalMs);
    this.#upkeep.unref();
  }

  /** Creates the stream if Redis does not have it (any more). */
  async ensure(): Promise<void> {
    const { commands, key } = this.#options;
    if ((await commands.expire(key, lifetimeS)) === 1) return;
    await commands.xadd(key, "*", "kind", "opened");
    await commands.expire(key, lifetimeS);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#upkeep);
    // Not waited for: without Redis, ioredis leaves a blocking read unanswered when its connection is given up.
    this.#options.reader.disconnect();
    await this.#options.commands.del(this.#options.key).catch(() => 0);
  }

  async #read(): Promise<void> {
    const { reader, key, log } = this.#options;
    while (!this.#closed) {
      try {
        const answer = await reader.xreadBuffer(
          "COUNT",
          entriesPerRead,
          "BLOCK",
          blockMs,
          "STREAMS",
          key,
          this.#lastId,
        );
        for (const [, entries] of answer ?? []) {
          for (const [id, fields] of entries) {
            this.#lastId = id.toString();
            this.#untrimmedBytes += fields.at(-1)?.length ?? 0;
            await this.#dispatch(fields);
          }
        }
        if (this.#untrimmedBytes > trimAboveBytes) void this.#keepUp();
      } catch (error) {
        if (this.#closed) return;
        log.warn({ err: error }, "reading replies failed, trying again");
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }

  async #dispatch(fields: readonly Buffer[]): Promise<void> {
    try {
      const reply = decodeReply(fields);
      if (reply?.kind === "parked") this.#options.onReply(await this.#fetchParked(reply.callId));
      else if (reply !== undefined) this.#options.onReply(reply);
    } catch (error) {
      this.#options.log.error({ err: error }, "a reply could not be read");
    }
  }

  /** One at a time, and over the connection that waits for Redis: what is not fetched yet takes memory there, not here. */
  async #fetchParked(callId: string): Promise<Reply> {
    const { reader, prefix } = this.#options;
    const key = parkedReplyKey(prefix, callId);
    const json = await reader.getBuffer(key);
    // What can't be removed now goes by its TTL.
    reader.unlink(key).catch(() => 0);
    if (json !== null) return { kind: "done", callId, json };
    const failure = {
      kind: "outcome-unknown",
      message: "The call was executed, but its large result was lost.",
      guidance: "After a write, read the entity first. A read can be tried again.",
    } as const;
    return { kind: "failed", callId, failure };
  }

  /** Keeps the stream alive and drops what was read. */
  async #keepUp(): Promise<void> {
    const { commands, key, log } = this.#options;
    try {
      await this.ensure();
      if (this.#lastId === this.#trimmedId) return;
      this.#trimmedId = this.#lastId;
      this.#untrimmedBytes = 0;
      await commands.xtrim(key, "MINID", this.#trimmedId);
    } catch (error) {
      log.debug({ err: error }, "upkeep of the reply stream has to wait for Redis");
    }
  }
}
