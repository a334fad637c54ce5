import { createLogger } from "@sap-mcp/shared/logger.ts";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { freshPrefix, openTestGateway, postModern } from "../../test/open-test-gateway.ts";
import { createRateLimits } from "./rate-limits.ts";

const redisUrl = inject("redisUrl");
const prefix = freshPrefix();
const stack = new AsyncDisposableStack();
let gateways: readonly string[];

beforeAll(async () => {
  const env = { RATE_PER_USER_PER_MINUTE: "3", RATE_PER_TENANT_PER_MINUTE: "5" };
  const authenticate = ({ "x-user": user, "x-tenant": tenant }: Readonly<Record<string, unknown>>) =>
    Promise.resolve({ tenant: String(tenant), user: String(user), scopes: [] });
  const open = () => openTestGateway(stack, { redisUrl, prefix, env, authenticate });
  gateways = [await open(), await open()];
});
afterAll(() => stack.disposeAsync());

/** Sends one request after the other, to the gateways in turn; the statuses of the answers. */
async function send(tenant: string, user: string, count: number): Promise<Response[]> {
  const answers: Response[] = [];
  for (let at = 0; at < count; at += 1) {
    const headers = { "x-tenant": tenant, "x-user": user };
    answers.push(await postModern(gateways[at % 2] ?? "", { method: "tools/list" }, { headers }));
  }
  return answers;
}
const statusOf = (answer: Response) => answer.status;

it("refuses a user's fourth request within a minute whichever gateway gets it, names the limit and says when", async () => {
  const answers = await send("one", "anne", 5);
  expect(answers.map(statusOf)).toEqual([200, 200, 200, 429, 429]);
  const [, , , refused] = answers;
  const retryAfterS = Number(refused?.headers.get("retry-after"));
  expect(retryAfterS).toBeGreaterThan(50);
  expect(retryAfterS).toBeLessThanOrEqual(60);
  expect(await refused?.json()).toEqual({
    jsonrpc: "2.0",
    id: 1,
    error: {
      code: -32005,
      message: `The limit of 3 requests per minute and user is reached; try again in ${retryAfterS} seconds.`,
    },
  });
});

it("counts all users of a tenant together, and each tenant by itself", async () => {
  expect((await send("two", "anne", 3)).map(statusOf)).toEqual([200, 200, 200]);
  const ofOther = await send("two", "ben", 3);
  expect(ofOther.map(statusOf)).toEqual([200, 200, 429]);
  expect(await ofOther[2]?.text()).toContain("5 requests per minute and tenant");
  expect((await send("three", "ben", 1)).map(statusOf)).toEqual([200]);
});

it("leaves only counters that expire", async () => {
  await using opened = new AsyncDisposableStack();
  const redis = opened.adopt(new Redis(redisUrl), (it) => it.disconnect());
  const keys = await redis.keys(`*${prefix.slice(1, -1)}*:limit:*`);
  expect(keys.length).toBeGreaterThan(3);
  for (const key of keys) expect(await redis.pttl(key)).toBeGreaterThan(0);
});

it("lets a request pass when Redis is away", async () => {
  await using opened = new AsyncDisposableStack();
  const redis = opened.adopt(new Redis(redisUrl, { lazyConnect: true, enableOfflineQueue: false }), (it) =>
    it.disconnect(),
  );
  const log = createLogger({ component: "gateway", level: "silent", instance: "0" });
  const limitRate = createRateLimits({ redis, prefix, perUser: 1, perTenant: 1, log });
  for (let at = 0; at < 3; at += 1) expect(await limitRate({ tenant: "t", user: "u", scopes: [] })).toBeUndefined();
});
