import { expect, it } from "vitest";
import { redisTargetFrom } from "./redis-connection.ts";

const binding = (credentials: Readonly<Record<string, unknown>>) => ({
  VCAP_SERVICES: JSON.stringify({ "redis-cache": [{ credentials }] }),
});

it("reads host, port, database and credentials of a URL", () => {
  expect(redisTargetFrom({ REDIS_URL: "rediss://me:p%40ss@redis.example:6380/2" })).toEqual({
    cluster: false,
    options: { host: "redis.example", port: 6380, db: 2, username: "me", password: "p@ss", tls: {} },
  });
});

it("prefers REDIS_URL to a binding", () => {
  const target = redisTargetFrom({ REDIS_URL: "redis://127.0.0.1:7000", ...binding({ hostname: "h", port: 1 }) });
  expect(target).toMatchObject({ options: { host: "127.0.0.1", port: 7000 } });
});

it("takes the CA of a binding, whether tls is an object or its JSON", () => {
  const tls = { server_ca: "PEM" };
  for (const given of [tls, JSON.stringify(tls)]) {
    expect(redisTargetFrom(binding({ hostname: "h", port: "6380", password: "p", tls: given }))).toEqual({
      cluster: false,
      options: { host: "h", port: 6380, password: "p", tls: { ca: "PEM" } },
    });
  }
});

it("speaks TLS unless the binding says no, and knows a cluster by a boolean or its text", () => {
  expect(redisTargetFrom(binding({ hostname: "h", port: 1, cluster_mode: "true" }))).toMatchObject({
    cluster: true,
    options: { tls: {} },
  });
  const plain = redisTargetFrom(binding({ hostname: "h", port: 1, tls: "false", cluster_mode: false }));
  expect(plain).toEqual({ cluster: false, options: { host: "h", port: 1 } });
});

it.each([
  [{}, "set REDIS_URL"],
  [{ REDIS_URL: "nonsense" }, "must look like redis://"],
  [{ REDIS_URL: "http://h" }, "must begin with redis://"],
  [{ REDIS_URL: "redis://h/zero" }, "number of a database"],
  [{ VCAP_SERVICES: "{" }, "not JSON"],
  [{ VCAP_SERVICES: "{}" }, "no redis-cache binding"],
  [binding({ port: 1 }), "incomplete"],
])("says what is wrong with %j", (settings, message) => {
  expect(redisTargetFrom(settings)).toContain(message);
});
