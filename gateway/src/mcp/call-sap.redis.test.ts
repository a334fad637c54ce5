import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { freshPrefix, openTestGateway, openTestWorker, postModern } from "../../test/open-test-gateway.ts";
import type { TakenJob } from "../../test/open-test-gateway.ts";

const redisUrl = inject("redisUrl");
const stack = new AsyncDisposableStack();
let url: string;
let taken: TakenJob;
let handle: (job: TakenJob) => Promise<void>;

beforeAll(async () => {
  const prefix = freshPrefix();
  url = await openTestGateway(stack, { redisUrl, prefix, env: { SAP_ALLOW_WRITES: "true" } });
  openTestWorker(stack, { redisUrl, prefix }, (job) => {
    taken = job;
    return handle(job);
  });
});
afterAll(() => stack.disposeAsync());

const succeed = ({ callId, reply }: TakenJob) => reply({ kind: "done", callId, json: Buffer.from("{}") });
const breakOff = ({ callId, reply }: TakenJob) =>
  reply({ kind: "failed", callId, failure: { kind: "outcome-unknown", message: "Broken off." } });

async function call(more: Readonly<Record<string, unknown>>) {
  const args = { serviceId: "S", entityName: "E", operation: "create", parameters: {}, ...more };
  const params = { name: "execute-entity-operation", arguments: args };
  const response = await postModern(url, { method: "tools/call", params });
  const { result } = (await response.json()) as { result: { _meta?: Record<string, unknown>; content: unknown } };
  return { key: result._meta?.["sap-mcp-server/idempotencyKey"], result };
}

it("hands a key over beside the input, where a worker that does not know it passes over it", async () => {
  handle = succeed;
  expect((await call({ idempotencyKey: "mine" })).key).toBe("mine");
  expect(taken.payload.idempotencyKey).toBe("mine");
  expect(taken.payload.input).not.toHaveProperty("idempotencyKey");
});

it("names the call's id as the key of a write that has none", async () => {
  handle = succeed;
  expect((await call({})).key).toBe(taken.callId);
  expect(taken.payload.idempotencyKey).toBeUndefined();
});

it("tells a model the key where SAP may have executed a write", async () => {
  handle = breakOff;
  const { key, result } = await call({});
  expect(result).toMatchObject({ structuredContent: { error: { kind: "outcome-unknown", idempotencyKey: key } } });
  expect(JSON.stringify(result.content)).toContain(`Repeated with idempotencyKey ${String(key)}`);
});

it("gives a read no key", async () => {
  handle = succeed;
  expect((await call({ operation: "read", parameters: undefined })).key).toBeUndefined();
});
