import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, inject, it } from "vitest";
import { freshPrefix, openTestGateway, openTestWorker, postModern } from "../test/open-test-gateway.ts";

const search = { method: "tools/call", params: { name: "search-sap-services", arguments: { query: "orders" } } };
let stack: AsyncDisposableStack;
let closing: AsyncDisposableStack;
let url: string;
let taken: PromiseWithResolvers<void>;
let release: PromiseWithResolvers<void>;

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  closing = new AsyncDisposableStack();
  taken = Promise.withResolvers();
  release = Promise.withResolvers();
  const options = { redisUrl: inject("redisUrl"), prefix: freshPrefix() };
  openTestWorker(stack, options, async ({ callId, reply }) => {
    taken.resolve();
    await release.promise;
    await reply({ kind: "done", callId, json: Buffer.from('{"services":[]}') });
  });
  stack.defer(() => release.resolve());
  url = await openTestGateway(closing, { ...options, env: { DRAIN_DELAY_MS: "500", SHUTDOWN_TIMEOUT_MS: "2000" } });
});
afterEach(() => stack.disposeAsync());

it("is not ready any more, and still takes requests, while routers have not noticed", async () => {
  release.resolve();
  const closed = closing.disposeAsync();
  expect((await fetch(`${url}/health/ready`)).status).toBe(503);
  const answer = await postModern(url, search);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("connection")).toBe("close");
  await closed;
  await expect(fetch(`${url}/health/ready`)).rejects.toThrow("fetch failed");
});

it("lets a running call finish", async () => {
  const call = postModern(url, search);
  await taken.promise;
  const closed = closing.disposeAsync();
  await sleep(700);
  release.resolve();
  expect(((await (await call).json()) as { result: object }).result).toHaveProperty("structuredContent.services", []);
  await closed;
});

it("answers a call that outlasts its patience with a named failure instead of a broken connection", async () => {
  const call = postModern(url, search);
  await taken.promise;
  const startedAt = Date.now();
  await closing.disposeAsync();
  expect(Date.now() - startedAt).toBeLessThan(3_000);
  const { result } = (await (await call).json()) as { result: { structuredContent: { error: object } } };
  expect(result.structuredContent.error).toMatchObject({ kind: "deadline", retryable: true });
});
