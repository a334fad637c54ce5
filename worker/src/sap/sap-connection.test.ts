import type { IncomingMessage } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { openStandIn } from "./fixtures/open-stand-in.ts";
import type { StandIn } from "./fixtures/open-stand-in.ts";
import { SapConnection } from "./sap-connection.ts";

let sap: StandIn;
const opened: SapConnection[] = [];

afterEach(async () => {
  for (const connection of opened.splice(0)) connection.close();
  await sap.close();
});

const signal = AbortSignal.timeout(20_000);
const post = {
  method: "POST",
  path: "/service/Set",
  servicePath: "/service",
  headers: { accept: "application/json" },
  body: "{}",
} as const;

describe("SapConnection", () => {
  it("sends requests one after the other over one socket, and each connection over its own", async () => {
    sap = await openStandIn(() => ({}));
    const [one, two] = [connect(), connect()];
    for (const connection of [one, one, two]) await connection.read(sap.target, get("/x"), signal);
    const [first, second, third] = sap.requests.map(({ socket }) => socket);
    expect(first).toBe(second);
    expect(third).not.toBe(first);
  });

  it("keeps cookies and drops those that are over", async () => {
    const answers = [["a=1; path=/; HttpOnly", "b=2"], ["b=; Max-Age=0", "c=x=y"], []];
    sap = await openStandIn(() => ({ headers: { "set-cookie": answers.shift() ?? [] } }));
    const connection = connect();
    for (const path of ["/1", "/2", "/3"]) await connection.read(sap.target, get(path), signal);
    expect(sap.requests.map(({ headers }) => headers.cookie)).toEqual([undefined, "a=1; b=2", "a=1; c=x=y"]);
  });

  it("fetches a token before the first write and no more after it", async () => {
    sap = await openStandIn((request) =>
      isFetch(request) ? { headers: { "x-csrf-token": "T1", "set-cookie": "s=1" } } : {},
    );
    const connection = connect();
    await connection.write(sap.target, post, signal);
    await connection.write(sap.target, post, signal);
    expect(summary()).toEqual(["HEAD /service/ Fetch -", "POST /service/Set T1 s=1", "POST /service/Set T1 s=1"]);
  });

  it("fetches the token with GET from a service that refuses HEAD", async () => {
    sap = await openStandIn((request) => {
      if (request.method === "HEAD") return { status: 405 };
      return isFetch(request) ? { headers: { "x-csrf-token": "T1" } } : {};
    });
    expect(await connect().write(sap.target, post, signal)).toMatchObject({ ok: true, value: { status: 200 } });
    expect(summary()).toEqual(["HEAD /service/ Fetch -", "GET /service/ Fetch -", "POST /service/Set T1 -"]);
  });

  it("writes without a token where SAP gives none", async () => {
    sap = await openStandIn(() => ({}));
    expect(await connect().write(sap.target, post, signal)).toMatchObject({ ok: true });
    expect(summary().at(-1)).toBe("POST /service/Set - -");
  });

  it("renews the token once when SAP requires it, and then takes no for an answer", async () => {
    sap = await openStandIn((request) =>
      isFetch(request)
        ? { headers: { "x-csrf-token": "T" } }
        : { status: 403, headers: { "x-csrf-token": "Required" } },
    );
    expect(await connect().write(sap.target, post, signal)).toMatchObject({ ok: true, value: { status: 403 } });
    expect(sap.requests.map(({ method }) => method)).toEqual(["HEAD", "POST", "HEAD", "POST"]);
  });

  it("does not repeat a write that SAP refuses for lack of authorization", async () => {
    sap = await openStandIn((request) => (isFetch(request) ? { headers: { "x-csrf-token": "T" } } : { status: 403 }));
    await connect().write(sap.target, post, signal);
    expect(sap.requests.map(({ method }) => method)).toEqual(["HEAD", "POST"]);
  });

  it("sends neither the ETag nor a content type with the request for a token", async () => {
    sap = await openStandIn(() => ({ headers: { "x-csrf-token": "T" } }));
    const headers = { "if-match": "W/1", "content-type": "application/json" };
    await connect().write(sap.target, { ...post, headers }, signal);
    expect(sap.requests[0]?.headers).not.toHaveProperty("if-match");
    expect(sap.requests[1]?.headers).toMatchObject({ "if-match": "W/1" });
  });

  it("fails with SAP's reason when it can't get a token", async () => {
    sap = await openStandIn(() => ({
      status: 401,
      headers: { "content-type": "text/html" },
      body: "<html><title>Logon</title></html>",
    }));
    expect(await connect().write(sap.target, post, signal)).toMatchObject({ failure: { kind: "unauthorized" } });
  });

  it("goes to the host of the destination, whatever the path looks like, and follows no redirect", async () => {
    const elsewhere = await openStandIn(() => ({}));
    sap = await openStandIn(() => ({ status: 302, headers: { location: elsewhere.url } }));
    const connection = connect();
    for (const path of [`//${new URL(elsewhere.url).host}/x`, `${elsewhere.url}/x`, "/x"])
      await connection.read(sap.target, get(path), signal);
    expect(elsewhere.requests).toEqual([]);
    expect(sap.requests).toHaveLength(3);
    await elsewhere.close();
  });

  it("is spent after a request that was given up or whose answer was too large", async () => {
    sap = await openStandIn((request) => (request.url === "/hang" ? undefined : { body: "x".repeat(2_000) }));
    const given = connect();
    const late = await given.read(sap.target, get("/hang"), AbortSignal.timeout(100));
    expect(late).toMatchObject({ failure: { kind: "deadline" } });
    expect(given.isSpent).toBe(true);
    const limited = connect();
    expect(await limited.read(sap.target, get("/large"), signal)).toMatchObject({ failure: { kind: "too-large" } });
    expect(limited.isSpent).toBe(true);
  });

  it("says of a write given up half-way that SAP may have executed it", async () => {
    sap = await openStandIn((request) => (request.method === "POST" ? undefined : {}));
    const outcome = await connect().write(sap.target, post, AbortSignal.timeout(300));
    expect(outcome).toMatchObject({
      failure: { kind: "deadline", guidance: expect.stringContaining("Read the entity") as string },
    });
  });
});

function connect(): SapConnection {
  const connection = new SapConnection({ maxAnswerBytes: 1_000, idleTimeoutMs: 30_000 });
  opened.push(connection);
  return connection;
}

function get(path: string) {
  return { method: "GET", path, headers: {} } as const;
}

function isFetch(request: IncomingMessage): boolean {
  return request.headers["x-csrf-token"] === "Fetch";
}

function summary(): string[] {
  return sap.requests.map(
    ({ method, url, headers }) =>
      `${method} ${url} ${headers["x-csrf-token"]?.toString() ?? "-"} ${headers.cookie ?? "-"}`,
  );
}
