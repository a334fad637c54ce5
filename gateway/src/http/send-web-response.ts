import { once } from "node:events";
import type { ServerResponse } from "node:http";

const commentIntervalMs = 15_000;
/** A client that takes nothing of its answer for so long is given up, so that it does not hold the rest in memory. */
const stalledAfterMs = 60_000;

/**
 * Writes a web Response, which may come late: after `keepAliveAfterMs` the answer becomes a stream of server-sent
 * events with comments until it is there, so that no load balancer on the way gives the connection up.
 * Only for clients that accept such a stream.
 */
export async function sendWebResponse(
  res: ServerResponse,
  pending: Promise<Response>,
  keepAliveAfterMs: number | undefined,
): Promise<void> {
  let comments: NodeJS.Timeout | undefined;
  const becomeStream = () => {
    res.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    });
    res.write(": waiting\n\n");
    comments = setInterval(() => res.writableNeedDrain || res.write(": waiting\n\n"), commentIntervalMs);
  };
  const upgrade = keepAliveAfterMs === undefined ? undefined : setTimeout(becomeStream, keepAliveAfterMs);
  let response: Response;
  try {
    response = await pending;
  } finally {
    clearTimeout(upgrade);
    clearInterval(comments);
  }
  if (res.destroyed) {
    await response.body?.cancel();
    return;
  }
  res.setTimeout(stalledAfterMs, () => res.destroy());
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
  if (!res.headersSent) {
    res.writeHead(response.status, Object.fromEntries(response.headers));
    if (!isStream) {
      res.end(Buffer.from(await response.arrayBuffer()));
      return;
    }
  } else if (!isStream) {
    res.end(`event: message\ndata: ${await response.text()}\n\n`);
    return;
  }
  await pipe(response, res);
}

async function pipe(response: Response, res: ServerResponse): Promise<void> {
  if (response.body === null) {
    res.end();
    return;
  }
  res.flushHeaders();
  const reader = response.body.getReader();
  const gone = () => void reader.cancel();
  res.once("close", gone);
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    if (!res.write(chunk.value) && !res.destroyed) await Promise.race([once(res, "drain"), once(res, "close")]);
  }
  res.off("close", gone);
  res.end();
}
