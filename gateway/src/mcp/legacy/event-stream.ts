import type { EventPosition, SessionEvents } from "./session-events.ts";
import { frameEvent, standaloneStream } from "./session-events.ts";
import { openSseStream } from "./sse-response.ts";

const rereadIntervalMs = 15_000;

export interface EventStreamOptions {
  readonly sessionId: string;
  readonly events: SessionEvents;
  /** Behind which event to begin; the standalone stream's newest when absent. */
  readonly resumeAt?: EventPosition | undefined;
  /** Distinguishes this stream from others of the session. */
  readonly streamId: string;
  /** All streams that are open, as what ends them. */
  readonly open: Set<() => void>;
}

/**
 * Replays the events of one stream and then follows it, whichever gateway writes it. A newer standalone stream of the
 * same session takes over from an older one, so that a client that reconnects is never locked out by its dead connection.
 */
export async function openEventStream(options: EventStreamOptions): Promise<Response> {
  const { sessionId, events, streamId, open } = options;
  const from = options.resumeAt ?? { position: await events.newestPosition(sessionId), stream: standaloneStream };
  const isStandalone = from.stream === standaloneStream;
  let position = from.position;
  let ended = false;
  let reading = Promise.resolve();
  let reread: NodeJS.Timeout | undefined;
  let unwatch = () => {};

  const end = () => {
    ended = true;
    clearInterval(reread);
    unwatch();
    sse.end();
    open.delete(end);
  };
  const sse = openSseStream({ "mcp-session-id": sessionId }, end);
  open.add(end);
  const pump = async () => {
    for (const event of ended ? [] : await events.readAfter(sessionId, { position, stream: from.stream })) {
      position = event.id.slice(0, event.id.indexOf("_"));
      if (event.data !== "") sse.write(frameEvent(event.id, event.data));
      if (event.final) end();
    }
  };
  const read = () => {
    // A failed read is made up for by the next one: the position has not moved.
    reading = reading.then(pump).catch(() => undefined);
  };
  try {
    unwatch = await events.watch(sessionId, (news) => {
      if (news === "event") read();
      else if (news === "closed" || (isStandalone && news !== streamId)) end();
    });
    // The bell may be lost with a connection; the events are not.
    reread = setInterval(read, rereadIntervalMs);
    if (isStandalone) await events.announce(sessionId, streamId);
  } catch (error) {
    end();
    throw error;
  }
  // News may have ended the stream before everything was open that its end closes.
  if (ended) end();
  else read();
  return sse.response;
}
