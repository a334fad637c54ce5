import { once } from "node:events";
import { createServer, request as openRequest } from "node:http";
import type { IncomingMessage, RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { findFreePort } from "./find-free-port.ts";
import { openRouter } from "./router.ts";

describe("the router", () => {
  let cleanUp = new AsyncDisposableStack();
  afterEach(async () => {
    await cleanUp.disposeAsync();
    cleanUp = new AsyncDisposableStack();
  });

  test("spreads requests over all targets", async () => {
    const url = await route(
      await serve((_, response) => response.end("a")),
      await serve((_, response) => response.end("b")),
    );
    const answers = await Promise.all(Array.from({ length: 60 }, async () => (await fetch(url)).text()));
    expect(new Set(answers)).toEqual(new Set(["a", "b"]));
  });

  test("passes method, path, headers and body on, and the answer's status and headers back", async () => {
    const url = await route(
      await serve((request, response) => {
        const { method, url: path, headers } = request;
        response.writeHead(201, { "set-cookie": ["a=1", "b=2"] });
        const facts = { method, path, type: headers["content-type"], host: headers.host };
        void text(request).then((body) => response.end(JSON.stringify({ ...facts, body })));
      }),
    );
    const answer = await fetch(`${url}/mcp?x=1`, {
      method: "PUT",
      body: "hello",
      headers: { "content-type": "text/odd" },
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    const host = new URL(url).host;
    expect(await answer.json()).toEqual({ method: "PUT", path: "/mcp?x=1", type: "text/odd", host, body: "hello" });
  });

  test("hands the headers of a stream on before its first event, and each event as it comes", async () => {
    const steps: (() => void)[] = [];
    const url = await route(
      await serve((_, response) => {
        response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
        steps.push(
          () => response.write("data: 1\n\n"),
          () => response.end("data: 2\n\n"),
        );
      }),
    );
    const answer = await fetch(url);
    const chunks = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    steps[0]?.();
    expect(await chunks?.read()).toEqual({ done: false, value: "data: 1\n\n" });
    steps[1]?.();
    expect(await chunks?.read()).toEqual({ done: false, value: "data: 2\n\n" });
  });

  test("streams the request's body while it is being written", async () => {
    const arrived = Promise.withResolvers<string>();
    const url = await route(
      await serve((request, response) => {
        request.once("data", (chunk: Buffer) => arrived.resolve(chunk.toString()));
        request.on("end", () => response.end());
      }),
    );
    const upload = openRequest(url, { method: "POST" });
    upload.write("first part");
    expect(await arrived.promise).toBe("first part");
    upload.end();
    const [answer] = (await once(upload, "response")) as [IncomingMessage];
    expect(answer.statusCode).toBe(200);
    answer.resume();
  });

  test("tells the target when the client goes away", async () => {
    const arrived = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<void>();
    const url = await route(
      await serve((_, response) => {
        response.once("close", () => gone.resolve());
        arrived.resolve();
      }),
    );
    const client = new AbortController();
    const call = fetch(url, { method: "POST", body: "{}", signal: client.signal });
    await arrived.promise;
    client.abort();
    await expect(call).rejects.toThrow(/abort/);
    await gone.promise;
  });

  test("breaks the answer off when the target breaks off in its middle", async () => {
    const url = await route(
      await serve((_, response) => {
        response.writeHead(200, { "content-length": "100" }).write("half", () => response.destroy());
      }),
    );
    const answer = await fetch(url);
    await expect(answer.text()).rejects.toThrow(/terminated/);
  });

  test("goes to another target when one refuses the connection, with the whole body", async () => {
    const dead = `http://127.0.0.1:${await findFreePort()}`;
    const alive = await serve((request, response) => void request.pipe(response));
    const url = await route(dead, dead, dead, dead, alive);
    const body = "x".repeat(300_000);
    expect(await (await fetch(url, { method: "POST", body })).text()).toBe(body);
  });

  test("does not repeat a request that a target has taken", async () => {
    let taken = 0;
    const breaking = await serve((request) => {
      taken += 1;
      request.socket.destroy();
    });
    const url = await route(breaking, breaking);
    expect((await fetch(url, { method: "POST", body: "{}" })).status).toBe(502);
    expect(taken).toBe(1);
  });

  test("answers 503 with Retry-After while there is no target", async () => {
    const answer = await fetch(await route(), { method: "POST", body: "{}" });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "1"]);
  });

  test("keeps connections to a target open between requests", async () => {
    const ports = new Set<number | undefined>();
    const url = await route(
      await serve((request, response) => {
        ports.add(request.socket.remotePort);
        response.end();
      }),
    );
    for (let round = 0; round < 5; round++) {
      await (await fetch(url)).text();
      await setTimeout(5);
    }
    expect(ports.size).toBe(1);
  });

  test("refuses a port that is taken", async () => {
    const port = Number(new URL(await route()).port);
    await expect(openRouter({ targets: () => [], port })).rejects.toThrow(/EADDRINUSE/);
  });

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener).listen(0, "127.0.0.1");
    await once(server, "listening");
    cleanUp.defer(() => {
      server.close();
      server.closeAllConnections();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async function route(...targets: readonly string[]): Promise<string> {
    return cleanUp.use(await openRouter({ targets: () => targets })).url;
  }
});
