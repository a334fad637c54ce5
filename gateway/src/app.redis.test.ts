import { once } from "node:events";
import { request as httpRequest } from "node:http";
import type { IncomingMessage } from "node:http";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { freshPrefix, openTestGateway, openTestWorker, postModern } from "../test/open-test-gateway.ts";
import type { TakenJob } from "../test/open-test-gateway.ts";

const redisUrl = inject("redisUrl");
const prefix = freshPrefix();
const stack = new AsyncDisposableStack();
let url: string;
let handle: (job: TakenJob) => Promise<void>;

beforeAll(async () => {
  url = await openTestGateway(stack, {
    redisUrl,
    prefix,
    env: { MAX_BODY_BYTES: "20000", CALL_TIMEOUT_MS: "2000", KEEP_ALIVE_AFTER_MS: "200" },
  });
  openTestWorker(stack, { redisUrl, prefix }, (job) => handle(job));
});
afterAll(() => stack.disposeAsync());

const callTool = (name: string, args: Readonly<Record<string, unknown>>, meta?: Readonly<Record<string, unknown>>) =>
  postModern(url, {
    method: "tools/call",
    params: { name, arguments: args, ...(meta !== undefined && { _meta: meta }) },
  });
const post = (body: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${url}/mcp`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream", ...headers },
    body,
  });

interface Answer {
  readonly result?: {
    readonly isError?: boolean;
    readonly content: readonly { readonly text: string }[];
    readonly structuredContent: { readonly error?: { readonly kind: string; readonly guidance?: string } };
  };
  readonly error?: { readonly code: number; readonly message: string };
}
/** The answer, whether it came as JSON or as the last event of a stream. */
const read = async (response: Response) => {
  const text = await response.text();
  return JSON.parse(text.slice(text.lastIndexOf("data: ") + 1).replace(/^ata: /, "")) as Answer;
};

describe("a tool call", () => {
  it("becomes a job with the caller and comes back as text and structuredContent", async () => {
    let taken: TakenJob | undefined;
    handle = async (job) => {
      taken = job;
      await job.reply({ kind: "done", callId: job.callId, json: Buffer.from('{"destination":"S4","services":[]}') });
    };
    const { result } = await read(await callTool("search-sap-services", { query: "order" }));
    expect(taken?.name).toBe("search-sap-services");
    expect(taken?.payload.input).toEqual({ query: "order", limit: 20 });
    expect(taken?.payload.caller.user).toBe("local");
    expect(result?.content[0]?.text).toBe('{"destination":"S4","services":[]}');
    expect(result?.structuredContent).toEqual({ destination: "S4", services: [] });
  });

  it("shows a failure of the worker with kind, message and guidance", async () => {
    handle = (job) =>
      job.reply({
        kind: "failed",
        callId: job.callId,
        failure: { kind: "unknown-service", message: "There is no service X.", guidance: "The nearest is Y." },
      });
    const { result } = await read(await callTool("discover-service-entities", { serviceId: "X" }));
    expect(result?.isError).toBe(true);
    expect(result?.content[0]?.text).toBe("unknown-service: There is no service X. The nearest is Y.");
  });

  it("fails by its deadline when nobody answers", async () => {
    handle = () => Promise.resolve();
    const { result } = await read(await callTool("search-sap-services", {}));
    expect(result?.structuredContent.error?.kind).toBe("deadline");
  });

  it("sends progress to a client that asked for it, with values that rise", async () => {
    handle = async (job) => {
      await job.reply({ kind: "started", callId: job.callId });
      await job.reply({ kind: "progress", callId: job.callId, progress: { progress: 1, total: 2 } });
      await job.reply({ kind: "progress", callId: job.callId, progress: { progress: 1, total: 2 } });
      await job.reply({ kind: "done", callId: job.callId, json: Buffer.from("{}") });
    };
    const text = await (await callTool("search-sap-services", {}, { progressToken: "p" })).text();
    const messages = text.split("\n").flatMap((line) => (line.startsWith("data: ") ? [JSON.parse(line.slice(6))] : []));
    const values = messages.filter((it) => it.method === "notifications/progress").map((it) => it.params.progress);
    expect(values).toHaveLength(2);
    expect(values[1]).toBeGreaterThan(values[0]);
    expect(messages.at(-1).result.structuredContent).toEqual({});
  });

  it("becomes a stream when it takes long, and still brings its answer", async () => {
    handle = async (job) => {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      await job.reply({ kind: "done", callId: job.callId, json: Buffer.from('{"late":true}') });
    };
    const response = await callTool("search-sap-services", {});
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    expect(await response.text()).toContain('"structuredContent":{"late":true}');
  });

  it("is cancelled at the worker when its client goes away", async () => {
    const begun = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    handle = () => {
      begun.resolve();
      return ended.promise;
    };
    await using opened = new AsyncDisposableStack();
    const redis = opened.adopt(new Redis(redisUrl), (it) => it.disconnect());
    opened.defer(() => ended.resolve());
    await redis.subscribe(`${prefix}:cancel`);
    const cancelled = new Promise<string>((resolve) => redis.on("message", (_channel, callId) => resolve(callId)));
    const leave = new AbortController();
    const left = postModern(
      url,
      { method: "tools/call", params: { name: "search-sap-services", arguments: {} } },
      { signal: leave.signal },
    );
    await begun.promise;
    leave.abort();
    await expect(left).rejects.toThrow("aborted");
    expect(await cancelled).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe("bad input", () => {
  it.each([
    ["malformed JSON", () => post('{"jsonrpc":'), 400, -32700],
    ["an empty body", () => post(""), 400, -32600],
    ["a body that is no message", () => post('{"hello":1}'), 400, -32600],
    ["null", () => post("null"), 400, -32600],
    ["a batch", () => post('[{"jsonrpc":"2.0","id":1,"method":"ping"}]'), 400, -32600],
    ["a body that is too long", () => post(JSON.stringify({ pad: "x".repeat(30_000) })), 413, -32000],
    ["another content type", () => post("{}", { "content-type": "text/plain" }), 415, -32000],
    ["an unknown encoding", () => post("{}", { "content-encoding": "x-unknown" }), 415, -32000],
    [
      "an unknown protocol version",
      () => postModern(url, { method: "tools/list" }, { headers: { "mcp-protocol-version": "2031-01-01" } }),
      400,
      -32020,
    ],
    [
      "a method header that contradicts the body",
      () => postModern(url, { method: "tools/list" }, { headers: { "mcp-method": "tools/call" } }),
      400,
      -32020,
    ],
    ["an unknown method", () => postModern(url, { method: "tools/fly" }), 404, -32601],
    ["an unknown tool", () => callTool("search-sap-servises", {}), 200, -32602],
    [
      "an unknown resource",
      () => postModern(url, { method: "resources/read", params: { uri: "sap://nothing" } }),
      200,
      -32602,
    ],
    ["a foreign origin", () => post("{}", { origin: "https://evil.example" }), 403, -32000],
    ["a legacy request without session", () => post('{"jsonrpc":"2.0","id":1,"method":"tools/list"}'), 400, -32000],
    [
      "a legacy request with an unknown session",
      () => post('{"jsonrpc":"2.0","id":1,"method":"tools/list"}', { "mcp-session-id": "x" }),
      404,
      -32001,
    ],
    [
      "a request that accepts no stream",
      () => post('{"jsonrpc":"2.0","id":1,"method":"tools/list"}', { accept: "application/json" }),
      406,
      -32000,
    ],
  ])("%s gets the protocol's own error", async (_what, send, status, code) => {
    const response = await send();
    const { error } = await read(response);
    expect({ status: response.status, code: error?.code }).toEqual({ status, code });
    expect(error?.message).not.toBe("");
  });

  it("is refused when it is addressed to a foreign host", async () => {
    const request = httpRequest(`${url}/mcp`, { method: "POST", headers: { host: "evil.example" } }).end();
    const [response] = (await once(request, "response")) as [IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(403);
  });

  it("names the nearest tool for an unknown one", async () => {
    const { error } = await read(await callTool("search-sap-servises", {}));
    expect(error?.message).toContain("search-sap-services");
  });

  it("names the nearest argument for an unknown one, as a tool error that the model can read", async () => {
    const { result } = await read(await callTool("discover-service-entities", { serviceID: "X" }));
    expect(result?.structuredContent.error?.kind).toBe("invalid-input");
    expect(result?.structuredContent.error?.guidance).toContain('"serviceID" may be "serviceId"');
  });

  it("names the nearest destination for an unknown one", async () => {
    const { result } = await read(await callTool("search-sap-services", { destination: "S4_QUALTY" }));
    expect(result?.structuredContent.error).toMatchObject({
      kind: "unknown-destination",
      guidance: expect.stringContaining("S4_QUALITY"),
    });
  });

  it("refuses writes while writing is off, and does not show them", async () => {
    const { result } = await read(
      await callTool("execute-entity-operation", {
        serviceId: "A",
        entityName: "B",
        operation: "delete",
        parameters: {},
      }),
    );
    expect(result?.structuredContent.error?.kind).toBe("read-only");
    const list = await (await postModern(url, { method: "tools/list" })).text();
    expect(list).not.toContain('"delete"');
  });
});

describe("health", () => {
  it("is ready and live, and degraded as long as no worker has looked at SAP", async () => {
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    const response = await fetch(`${url}/health`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      status: "degraded",
      instance: "0",
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      timestamp: expect.stringMatching(/^\d{4}-/),
      checks: {
        database: { status: "disabled" },
        redis: { status: "healthy" },
        sapDestinations: { status: "degraded" },
        memory: { rss: expect.any(Number) },
        uptime: expect.any(Number),
      },
    });
  });
});
