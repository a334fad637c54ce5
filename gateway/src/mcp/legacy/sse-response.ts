const keepAliveIntervalMs = 15_000;
/** What may wait for a client that reads slowly, in bytes. */
const maxWaitingBytes = 1_048_576;

/**
 * An open answer of server-sent events. Writing to one whose client has gone does nothing. A client that falls behind
 * by more than 1 MB is cut off instead of buffered for; its events are in Redis, and it may resume.
 */
export interface SseStream {
  readonly response: Response;
  readonly write: (frame: string) => void;
  readonly end: () => void;
}

/** Opens a stream with a comment every 15 s, so that no load balancer takes it for dead. */
export function openSseStream(headers: Readonly<Record<string, string>>, onGone: () => void): SseStream {
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>(
    {
      start: (opened) => {
        controller = opened;
      },
      cancel: () => {
        stop();
        onGone();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: maxWaitingBytes }),
  );
  const keepAlive = setInterval(() => write(": keep-alive\n\n"), keepAliveIntervalMs);
  const stop = () => {
    clearInterval(keepAlive);
    controller = undefined;
  };
  const write = (frame: string) => {
    if (controller === undefined) return;
    if ((controller.desiredSize ?? 0) > 0) return controller.enqueue(encoder.encode(frame));
    // What waits already is still delivered, so that a client which resumes gets on.
    controller.close();
    stop();
    onGone();
  };
  return {
    response: new Response(body, {
      headers: {
        "content-type": "text/event-stream",
        "cache-control": "no-cache, no-transform",
        "x-accel-buffering": "no",
        ...headers,
      },
    }),
    write,
    end: () => {
      controller?.close();
      stop();
    },
  };
}
