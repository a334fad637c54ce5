import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { freshPrefix, openTestGateway, openTestWorker } from "../../../test/open-test-gateway.ts";
import type { TakenJob, TestGatewayOptions } from "../../../test/open-test-gateway.ts";

const redisUrl = inject("redisUrl");
const prefix = freshPrefix();
const stack = new AsyncDisposableStack();
const gateways: string[] = [];
let handle: (job: TakenJob) => Promise<void> = (job) =>
  job.reply({ kind: "done", callId: job.callId, json: Buffer.from("{}") });

/** The test says who it is in a header. */
const authenticate: NonNullable<TestGatewayOptions["authenticate"]> = (headers) =>
  Promise.resolve({ tenant: "t", user: String(headers["x-test-user"] ?? "anna"), scopes: [] });

beforeAll(async () => {
  const env = { KEEP_ALIVE_AFTER_MS: "150", MAX_SESSIONS_PER_USER: "3" };
  for (let at = 0; at < 2; at += 1)
    gateways.push(await openTestGateway(stack, { redisUrl, prefix, env, authenticate }));
  openTestWorker(stack, { redisUrl, prefix }, (job) => handle(job));
});
afterAll(() => stack.disposeAsync());

interface Sent {
  readonly user?: string;
  readonly session?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function send(gateway: number, message: unknown, { user = "anna", session, headers }: Sent = {}): Promise<Response> {
  return fetch(`${gateways[gateway]}/mcp`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2025-11-25",
      "x-test-user": user,
      ...(session !== undefined && { "mcp-session-id": session }),
      ...headers,
    },
    body: JSON.stringify(message),
  });
}

const get = (gateway: number, session: string, headers: Readonly<Record<string, string>> = {}, signal?: AbortSignal) =>
  fetch(`${gateways[gateway]}/mcp`, {
    headers: { accept: "text/event-stream", "mcp-session-id": session, "x-test-user": "anna", ...headers },
    ...(signal !== undefined && { signal }),
  });

async function openSession(gateway: number, user = "anna"): Promise<string> {
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } };
  const response = await send(gateway, { jsonrpc: "2.0", id: 0, method: "initialize", params }, { user });
  expect(((await response.json()) as { result: unknown }).result).toMatchObject({ protocolVersion: "2025-11-25" });
  const session = response.headers.get("mcp-session-id") as string;
  expect((await send(gateway, { jsonrpc: "2.0", method: "notifications/initialized" }, { user, session })).status).toBe(
    202,
  );
  return session;
}

const list = { jsonrpc: "2.0", id: 1, method: "tools/list" };
const call = (id: number) => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name: "search-sap-services", arguments: {} },
});

/** Events of a stream until it ends or `enough` of them with data have come. */
async function readEvents(response: Response, enough = Infinity): Promise<{ id: string; data: string }[]> {
  const events: { id: string; data: string }[] = [];
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    rest += decoder.decode(chunk, { stream: true });
    const frames = rest.split("\n\n");
    rest = frames.pop() ?? "";
    for (const frame of frames) {
      if (frame.startsWith(":")) continue;
      events.push({ id: /^id: (.*)$/m.exec(frame)?.[1] ?? "", data: /^data: (.*)$/m.exec(frame)?.[1] ?? "" });
    }
    if (events.length >= enough) break;
  }
  return events;
}

describe("a 2025-era session", () => {
  it("is served by the gateway that did not open it", async () => {
    const session = await openSession(0);
    const response = await send(1, list, { session });
    expect(response.status).toBe(200);
    expect(((await response.json()) as { result: { tools: unknown[] } }).result.tools.length).toBeGreaterThan(3);
  });

  it("is unknown to another user, as if it did not exist", async () => {
    const session = await openSession(0);
    expect((await send(1, list, { session, user: "boris" })).status).toBe(404);
    expect((await send(1, list, { session })).status).toBe(200);
  });

  it("slides its life with each request and holds for a day", async () => {
    const session = await openSession(0);
    await using opened = new AsyncDisposableStack();
    const redis = opened.adopt(new Redis(redisUrl), (it) => it.disconnect());
    await redis.expire(`${prefix}:mcp-session:${session}`, 10);
    await send(1, list, { session });
    expect(await redis.ttl(`${prefix}:mcp-session:${session}`)).toBeGreaterThan(86_000);
  });

  it("gives way when its user opens more than are allowed, the least recently used one first", async () => {
    const user = "carla";
    const first = await openSession(0, user);
    const second = await openSession(0, user);
    await openSession(1, user);
    await send(1, list, { session: first, user });
    await openSession(1, user);
    expect((await send(0, list, { session: second, user })).status).toBe(404);
    expect((await send(0, list, { session: first, user })).status).toBe(200);
  });

  it("ends everywhere by DELETE at any gateway, with its open stream", async () => {
    const session = await openSession(0);
    const stream = await get(0, session);
    const headers = { "mcp-session-id": session, "x-test-user": "anna" };
    expect((await fetch(`${gateways[1]}/mcp`, { method: "DELETE", headers })).status).toBe(204);
    expect(await readEvents(stream)).toEqual([]);
    expect((await send(0, list, { session })).status).toBe(404);
  });

  it("refuses a protocol version that nobody knows", async () => {
    const session = await openSession(0);
    const response = await send(0, list, { session, headers: { "mcp-protocol-version": "2024-99-99" } });
    expect(response.status).toBe(400);
  });
});

describe("a call of a 2025-era session", () => {
  it("is answered as plain JSON when it is fast", async () => {
    const session = await openSession(0);
    const response = await send(1, call(7), { session });
    expect(response.headers.get("content-type")).toContain("application/json");
    expect(await response.json()).toMatchObject({ id: 7, result: { structuredContent: {} } });
  });

  it("can be resumed on the other gateway after its connection broke", async () => {
    const session = await openSession(0);
    const finish = Promise.withResolvers<void>();
    handle = async (job) => {
      await finish.promise;
      await job.reply({ kind: "done", callId: job.callId, json: Buffer.from('{"late":true}') });
    };
    const [priming] = await readEvents(await send(0, call(8), { session }), 1);
    expect(priming?.data).toBe("");
    const resumed = await get(1, session, { "last-event-id": priming?.id ?? "" });
    finish.resolve();
    const events = await readEvents(resumed);
    expect(events.map((event) => JSON.parse(event.data))).toMatchObject([
      { id: 8, result: { structuredContent: { late: true } } },
    ]);
  });

  it("can be resumed after it has ended, and ends then at once", async () => {
    const session = await openSession(0);
    handle = async (job) => {
      await sleep(300);
      await job.reply({ kind: "done", callId: job.callId, json: Buffer.from("{}") });
    };
    const events = await readEvents(await send(0, call(9), { session }));
    expect(events).toHaveLength(2);
    const replayed = await readEvents(await get(1, session, { "last-event-id": events[0]?.id ?? "" }));
    expect(replayed).toEqual([events[1]]);
  });

  it("is cancelled through the other gateway", async () => {
    const session = await openSession(0);
    await using opened = new AsyncDisposableStack();
    const redis = opened.adopt(new Redis(redisUrl), (it) => it.disconnect());
    await redis.subscribe(`${prefix}:cancel`);
    const cancelled = new Promise<string>((resolve) => redis.on("message", (_channel, callId) => resolve(callId)));
    const begun = Promise.withResolvers<string>();
    const ended = Promise.withResolvers<void>();
    opened.defer(() => ended.resolve());
    handle = (job) => {
      begun.resolve(job.callId);
      return ended.promise;
    };
    const answer = send(0, call(10), { session });
    const callId = await begun.promise;
    const notification = { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 10 } };
    expect((await send(1, notification, { session })).status).toBe(202);
    expect(await cancelled).toBe(callId);
    const events = await readEvents(await answer);
    expect(events.filter((event) => event.data !== "")).toEqual([]);
  });

  it("ends when its session is deleted at the other gateway", async () => {
    const session = await openSession(0);
    const begun = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    handle = () => {
      begun.resolve();
      return ended.promise;
    };
    const answer = send(0, call(11), { session });
    await begun.promise;
    const headers = { "mcp-session-id": session, "x-test-user": "anna" };
    await fetch(`${gateways[1]}/mcp`, { method: "DELETE", headers });
    expect((await readEvents(await answer)).filter((event) => event.data !== "")).toEqual([]);
    ended.resolve();
  });

  it("refuses a Last-Event-ID that is none of this server's", async () => {
    const session = await openSession(0);
    expect((await get(0, session, { "last-event-id": "../../etc/passwd" })).status).toBe(400);
  });
});

describe("the standalone stream", () => {
  it("is taken over by a newer one on the other gateway", async () => {
    const session = await openSession(0);
    const older = await get(0, session);
    const leave = new AbortController();
    const newer = await get(1, session, {}, leave.signal);
    expect(newer.status).toBe(200);
    expect(await readEvents(older)).toEqual([]);
    leave.abort();
  });
});
