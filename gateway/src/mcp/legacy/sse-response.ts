const keepAliveIntervalMs = 15_000;

/** An open answer of server-sent events. Writing to one whose client has gone does nothing. */
export interface SseStream {
  readonly response: Response;
  readonly write: (frame: string) => void;
  readonly end: () => void;
}

/** Opens a stream with a comment every 15 s, so that no load balancer takes it for dead. */
export function openSseStream(headers: Readonly<Record<string, string>>, onGone: () => void): SseStream {
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start: (opened) => {
      controller = opened;
    },
    cancel: () => {
      stop();
      onGone();
    },
  });
  const keepAlive = setInterval(() => write(": keep-alive\n\n"), keepAliveIntervalMs);
  const stop = () => {
    clearInterval(keepAlive);
    controller = undefined;
  };
  const write = (frame: string) => controller?.enqueue(encoder.encode(frame));
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
