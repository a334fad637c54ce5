import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { salesV2, salesV4, startClient } from "../testing/sandbox-client.ts";
import type { SandboxClient } from "../testing/sandbox-client.ts";

let client: SandboxClient;
beforeAll(async () => {
  client = await startClient();
});
beforeEach(() => client.plain("/sandbox/reset", { method: "POST" }));
afterAll(() => client[Symbol.asyncDispose]());

const path = `${salesV2}/A_SalesOrder('2')`;
const setFault = (body: object) => client.plain("/sandbox/faults", { method: "POST", body });

async function change(): Promise<number> {
  const body = { IncotermsClassification: "DDP" };
  return (await client.send(path, { method: "MERGE", headers: { "if-match": "*" }, body })).status;
}

test("a delay holds for what it matches, as often as it is told to", async () => {
  await setFault({ latencyMs: 1_000, matching: "A_SalesOrder", times: 1 });
  const timed = async (of: string) => {
    const begin = performance.now();
    await client.get(of);
    return performance.now() - begin;
  };
  expect(await timed(`${salesV2}/`)).toBeLessThan(900);
  expect(await timed(path)).toBeGreaterThanOrEqual(990);
  expect(await timed(path)).toBeLessThan(900);
});

test("failures have the status, the form and the Retry-After that are asked for, and end when they are cleared", async () => {
  await setFault({ failStatus: 429, retryAfterSeconds: 7 });
  const answer = await client.get(path);
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "7"]);
  expect(answer.at("error/message/value")).toContain("told to fail");
  await setFault({ html: true });
  const page = await client.get(path);
  expect([page.status, page.headers.get("content-type")]).toEqual([503, "text/html;charset=utf-8"]);
  expect((await client.plain("/sandbox/faults", { method: "DELETE" })).status).toBe(204);
  expect((await client.get(path)).status).toBe(200);
});

test("a fail rate of a half fails about half of the requests", async () => {
  await setFault({ failRate: 0.5, failStatus: 500 });
  const answers = await Promise.all(Array.from({ length: 200 }, () => client.get(path)));
  const failed = answers.filter((answer) => answer.status === 500).length;
  expect(failed).toBeGreaterThan(60);
  expect(failed).toBeLessThan(140);
});

test("a closed socket is no answer; after the execution it hides a write that took place", async () => {
  await setFault({ closeSocket: true, matching: "A_SalesOrder(", times: 1 });
  await expect(change()).rejects.toThrow("fetch failed");
  expect(client.sandbox.ledger()).toEqual([]);
  await setFault({ closeSocket: true, afterExecution: true, matching: "A_SalesOrder(", times: 1 });
  await expect(change()).rejects.toThrow("fetch failed");
  expect(client.sandbox.ledger()).toHaveLength(1);
  expect((await client.get(path)).at("d/IncotermsClassification")).toBe("DDP");
});

test.each([{ hang: true }, { latencyMs: 60_000 }])(
  "a client that gives up on %j is counted, and its write not executed",
  async (fault) => {
    await setFault({ ...fault, matching: "A_SalesOrder(" });
    const given = new AbortController();
    const request = fetch(client.sandbox.url + path, { method: "DELETE", signal: given.signal });
    await expect.poll(() => client.sandbox.stats().concurrent).toBe(1);
    given.abort();
    await expect(request).rejects.toThrow("aborted");
    await expect.poll(() => client.sandbox.stats().aborted).toBe(1);
    expect([client.sandbox.stats().concurrent, client.sandbox.ledger().length]).toEqual([0, 0]);
  },
);

test("the statistics tell requests, how many ran side by side, paths without keys, and statuses", async () => {
  await setFault({ latencyMs: 100 });
  await Promise.all([1, 2, 3].map((number) => client.get(`${salesV4}/SalesOrder('${number}')`)));
  const stats = await client.get("/sandbox/stats");
  expect(stats.at("requests")).toBe(3);
  expect(stats.at("concurrent")).toBe(0);
  expect(stats.at("maxConcurrent")).toBe(3);
  expect(stats.at("openConnections")).toBeGreaterThanOrEqual(3);
  expect(stats.at("byStatus")).toEqual({ "200": 3 });
  expect(Object.entries(stats.at("byPath") as object)).toEqual([[`GET ${salesV4}/SalesOrder()`, 3]]);
});

test("the ledger tells every write that was executed, until a reset brings back data and silence", async () => {
  const before = (await client.get(path)).at("d/IncotermsClassification");
  expect(await change()).toBe(204);
  const ledger = await client.get("/sandbox/ledger");
  expect(ledger.at("total")).toBe(1);
  expect(ledger.at("entries/0")).toMatchObject({
    sequence: 1,
    method: "MERGE",
    path: "A_SalesOrder('2')",
    key: "A_SalesOrder('2')",
    user: "ANONYMOUS",
  });
  await client.plain("/sandbox/reset", { method: "POST" });
  expect((await client.get(path)).at("d/IncotermsClassification")).toBe(before);
  expect((await client.get("/sandbox/ledger")).at("total")).toBe(0);
});

test.each([
  ["POST", "/sandbox/faults", { nope: 1 }, 400],
  ["POST", "/sandbox/faults", { latencyMs: "1" }, 400],
  ["POST", "/sandbox/faults", { failRate: 2 }, 400],
  ["POST", "/sandbox/faults", "{", 400],
  ["POST", "/sandbox/users", { users: [{}] }, 400],
  ["GET", "/sandbox/nope", undefined, 404],
])("%s %s with %j is refused with %i", async (method, of, body, status) => {
  const answer = await client.plain(of, { method, body });
  expect([answer.status, typeof answer.at("error")]).toEqual([status, "string"]);
});

test("closing ends requests that hang", async () => {
  const other = await startClient();
  other.sandbox.addFault({ hang: true });
  const hanging = other.get(path).catch((error: unknown) => error);
  await expect.poll(() => other.sandbox.stats().concurrent).toBe(1);
  await Promise.race([other.sandbox.close(), sleep(5_000).then(() => Promise.reject(new Error("did not close")))]);
  expect(await hanging).toBeInstanceOf(Error);
});
