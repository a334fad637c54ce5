import type { IncomingHttpHeaders } from "node:http";
import { afterAll, beforeAll, beforeEach, expect, inject, it } from "vitest";
import { freshPrefix, openTestGateway, openTestWorker, postModern } from "../../../test/open-test-gateway.ts";
import type { TakenJob } from "../../../test/open-test-gateway.ts";

const redisUrl = inject("redisUrl");
const stack = new AsyncDisposableStack();
const urls: string[] = [];
let taken: TakenJob[] = [];

beforeAll(async () => {
  const prefix = freshPrefix();
  const env = { SAP_ALLOW_WRITES: "true", CONFIRM: "delete,my.ns.CancelOrder" };
  const authenticate = ({ "x-user": user = "alice" }: IncomingHttpHeaders) =>
    Promise.resolve({ tenant: "t", user: user.toString(), scopes: [] });
  for (const _gateway of ["first", "second"])
    urls.push(await openTestGateway(stack, { redisUrl, prefix, env, authenticate }));
  openTestWorker(stack, { redisUrl, prefix }, async (job) => {
    taken.push(job);
    await job.reply({ kind: "done", callId: job.callId, json: Buffer.from('{"deleted":{}}') });
  });
});
beforeEach(() => {
  taken = [];
});
afterAll(() => stack.disposeAsync());

const able = { "io.modelcontextprotocol/clientCapabilities": { elicitation: {} } };
const deletion = { serviceId: "S", entityName: "Orders", operation: "delete", parameters: { Order: "1" } };
const agreed = { confirm: { action: "accept", content: { confirm: true } } };

interface Answer {
  readonly error?: { readonly code: number };
  readonly result: {
    readonly resultType?: string;
    readonly isError?: boolean;
    readonly requestState?: string;
    readonly inputRequests?: { readonly confirm: { readonly params: { readonly message: string } } };
    readonly structuredContent: { readonly error?: { readonly kind: string } };
    readonly _meta?: Readonly<Record<string, unknown>>;
  };
}

async function call(
  args: Readonly<Record<string, unknown>>,
  more: {
    readonly at?: number;
    readonly name?: string;
    readonly user?: string;
    readonly meta?: object;
    readonly requestState?: string | undefined;
    readonly inputResponses?: object;
  } = {},
): Promise<Answer> {
  const { at = 0, name = "execute-entity-operation", user = "alice", meta = able, ...round } = more;
  const params = { name, arguments: args, _meta: meta, ...round };
  const response = await postModern(urls[at] ?? "", { method: "tools/call", params }, { headers: { "x-user": user } });
  return (await response.json()) as Answer;
}

it("asks before it deletes, and takes the answer at the other gateway", async () => {
  const { result } = await call(deletion);
  expect(result.resultType).toBe("input_required");
  expect(result.inputRequests?.confirm.params.message).toContain('delete Orders {"Order":"1"}');
  expect(taken).toEqual([]);
  const done = await call(deletion, { at: 1, requestState: result.requestState, inputResponses: agreed });
  expect(done.result.structuredContent).toEqual({ deleted: {} });
  expect(taken).toHaveLength(1);
});

it("executes an answer that comes twice under one idempotency key", async () => {
  const { requestState } = (await call(deletion)).result;
  const answers = [0, 1].map((at) => call(deletion, { at, requestState, inputResponses: agreed }));
  const keys = (await Promise.all(answers)).map(({ result }) => result._meta?.["sap-mcp-server/idempotencyKey"]);
  expect(keys[0]).toEqual(expect.any(String));
  expect(keys[1]).toBe(keys[0]);
  expect(taken.map(({ payload }) => payload.idempotencyKey)).toEqual(keys);
});

it("asks again where the consent was given to another call or by another user", async () => {
  const { requestState } = (await call(deletion)).result;
  const answer = { requestState, inputResponses: agreed };
  const other = await call({ ...deletion, parameters: { Order: "2" } }, answer);
  const stranger = await call(deletion, { ...answer, user: "bob" });
  const unasked = await call(deletion, { inputResponses: agreed });
  expect([other, stranger, unasked].map(({ result }) => result.resultType)).toEqual(Array(3).fill("input_required"));
  expect(taken).toEqual([]);
});

it("refuses a consent whose signature is wrong", async () => {
  const { requestState = "" } = (await call(deletion)).result;
  const forged = requestState.slice(0, -6) + requestState.slice(-6).split("").toReversed().join("");
  expect((await call(deletion, { requestState: forged, inputResponses: agreed })).error?.code).toBe(-32602);
  expect(taken).toEqual([]);
});

it.each([{ action: "decline" }, { action: "cancel" }, { action: "accept", content: { confirm: false } }])(
  "executes nothing when the user answers $action $content",
  async (confirm) => {
    const { requestState } = (await call(deletion)).result;
    const { result } = await call(deletion, { requestState, inputResponses: { confirm } });
    expect(result.structuredContent.error?.kind).toBe("unconfirmed");
    expect(taken).toEqual([]);
  },
);

it.each([{}, { elicitation: { url: {} } }])("refuses a client that has no forms to ask with: %j", async (has) => {
  const meta = { "io.modelcontextprotocol/clientCapabilities": has };
  const { result } = await call(deletion, { meta });
  expect(result).toMatchObject({ isError: true, structuredContent: { error: { kind: "unconfirmed" } } });
  expect(JSON.stringify(result)).toContain("a client that has elicitation");
  expect(taken).toEqual([]);
});

it("asks before a function that the setting names, however it is spelt, and before a batch that deletes", async () => {
  for (const name of ["CancelOrder", "my.ns.CancelOrder"]) {
    const asked = await call({ serviceId: "S", function: name }, { name: "call-sap-function" });
    expect(asked.result.resultType).toBe("input_required");
  }
  const requests = [
    { operation: "create", entityName: "Orders" },
    { operation: "delete", entityName: "Items", parameters: { Item: "7" } },
  ];
  const batch = await call({ serviceId: "S", requests }, { name: "execute-sap-batch" });
  const question = batch.result.inputRequests?.confirm.params.message;
  expect(question).toContain('delete Items {"Item":"7"}');
  expect(question).not.toContain("create");
});

it("asks nobody before anything else", async () => {
  await call({ ...deletion, operation: "update" });
  await call({ serviceId: "S", function: "ReleaseOrder" }, { name: "call-sap-function" });
  await call({ serviceId: "S", function: "CancelOrder", readOnly: true }, { name: "call-sap-function" });
  expect(taken).toHaveLength(3);
});

it("says what is wrong with a deletion instead of asking for it", async () => {
  const { result } = await call({ ...deletion, limit: 5 });
  expect(result.structuredContent.error?.kind).toBe("invalid-input");
});
