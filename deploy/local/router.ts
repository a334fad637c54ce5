import { once } from "node:events";
import { Agent, createServer, request as openRequest } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream";

export interface RouterOptions {
  /** Base URLs of the instances that take requests now; asked for each request. */
  readonly targets: () => readonly string[];
  readonly host?: string;
  /** 0 or absent takes a free port. */
  readonly port?: number;
}

export interface Router extends AsyncDisposable {
  readonly url: string;
}

/**
 * Opens a reverse proxy that sends each request to one of the targets, drawn by lot, as the platform's router does.
 * Both directions are streamed, and whichever side breaks off breaks off the other.
 * @throws when the port is taken.
 */
export async function openRouter({ targets, host = "127.0.0.1", port = 0 }: RouterOptions): Promise<Router> {
  const agent = new Agent({ keepAlive: true });
  const server = createServer((request, response) => forward({ request, response, agent }, shuffle(targets())));
  server.listen(port, host);
  await once(server, "listening");
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await once(server, "close");
    },
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly agent: Agent;
}

/** Tries the targets in turn until one takes the connection; after that nothing is repeated, since it may have been done. */
function forward(exchange: Exchange, [target, ...others]: readonly string[]): void {
  const { request, response, agent } = exchange;
  if (target === undefined) return refuse(response, 503, "no instance takes requests now");
  const { method, url: path } = request;
  const outgoing = openRequest(target, { agent, method, path, headers: forwardedHeadersOf(request) });
  let connected = false;
  outgoing.on("socket", (socket) => {
    const send = () => {
      connected = true;
      response.once("close", () => {
        if (!response.writableFinished) outgoing.destroy();
      });
      request.pipe(outgoing);
    };
    if (!socket.connecting) send();
    else socket.once("connect", () => (response.destroyed ? outgoing.destroy() : send()));
  });
  outgoing.on("response", (incoming) => {
    response.writeHead(incoming.statusCode ?? 502, forwardedHeadersOf(incoming));
    // The headers of an event stream must not wait for its first event.
    response.flushHeaders();
    pipeline(incoming, response, () => {});
  });
  outgoing.on("error", () => {
    if (response.destroyed) return;
    if (!connected) forward(exchange, others);
    else if (response.headersSent) response.destroy();
    else refuse(response, 502, "the instance broke off");
  });
}

/** Headers as they came, but for those that speak of one connection only. */
function forwardedHeadersOf({ rawHeaders }: IncomingMessage): string[] {
  const pairs = Array.from({ length: rawHeaders.length / 2 }, (_, at) => rawHeaders.slice(2 * at, 2 * at + 2));
  return pairs.filter(([name = ""]) => !["connection", "keep-alive"].includes(name.toLowerCase())).flat();
}

function refuse(response: ServerResponse, status: number, message: string): void {
  if (status === 503) response.setHeader("retry-after", "1");
  response.writeHead(status, { "content-type": "text/plain" }).end(`${message}\n`);
}

function shuffle(targets: readonly string[]): string[] {
  return targets
    .map((target) => ({ target, lot: Math.random() }))
    .toSorted((a, b) => a.lot - b.lot)
    .map(({ target }) => target);
}
