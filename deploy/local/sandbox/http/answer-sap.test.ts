import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { partnersV2, salesV2, salesV4, startClient, withQuery } from "../testing/sandbox-client.ts";
import type { SandboxClient } from "../testing/sandbox-client.ts";

let client: SandboxClient;
beforeAll(async () => {
  client = await startClient();
});
afterAll(() => client[Symbol.asyncDispose]());

const order = { SalesOrderType: "OR", SalesOrganization: "1010", SoldToParty: "10000001" };
const create = { method: "POST", body: order };

describe("CSRF protection", () => {
  async function openSession(from: SandboxClient = client): Promise<{ cookie: string; token: string }> {
    const { headers } = await from.plain(`${salesV4}/`, { method: "HEAD", headers: { "x-csrf-token": "Fetch" } });
    const cookie =
      headers
        .getSetCookie()
        .find((one) => one.startsWith("SAP_SESSIONID_"))
        ?.split(";")[0] ?? "";
    return { cookie, token: headers.get("x-csrf-token") ?? "" };
  }

  test("lets nothing change without token and cookie of the same session", async () => {
    const [one, other] = [await openSession(), await openSession()];
    const refused = [
      {},
      { "x-csrf-token": one.token },
      { cookie: one.cookie },
      { cookie: one.cookie, "x-csrf-token": other.token },
    ];
    for (const headers of refused) {
      const answer = await client.plain(`${salesV2}/A_SalesOrder`, { ...create, headers });
      expect([answer.status, answer.headers.get("x-csrf-token"), answer.text]).toEqual([
        403,
        "Required",
        "CSRF token validation failed",
      ]);
    }
    const headers = { cookie: `x=1; ${one.cookie}; y=2`, "x-csrf-token": one.token };
    expect((await client.plain(`${salesV2}/A_SalesOrder`, { ...create, headers })).status).toBe(201);
  });

  test("gives a session that fetches again the same token, and no new cookie", async () => {
    const { cookie, token } = await openSession();
    const again = await client.plain(`${salesV2}/`, { headers: { cookie, "x-csrf-token": "fetch" } });
    expect([again.headers.get("x-csrf-token"), again.headers.getSetCookie()]).toEqual([token, []]);
  });

  test("refuses a session that has expired until a new token is fetched", async () => {
    const { cookie, token } = await openSession();
    expect((await client.plain("/sandbox/expire-sessions", { method: "POST" })).status).toBe(204);
    const answer = await client.plain(`${salesV2}/A_SalesOrder`, {
      ...create,
      headers: { cookie, "x-csrf-token": token },
    });
    expect([answer.status, answer.headers.get("x-csrf-token")]).toEqual([403, "Required"]);
    const renewed = await client.plain(`${salesV2}/`, { headers: { cookie, "x-csrf-token": "Fetch" } });
    expect(renewed.headers.getSetCookie()).toHaveLength(2);
  });

  test("lets eight creates with one token pass side by side", async () => {
    const { cookie, token } = await openSession();
    const headers = { cookie, "x-csrf-token": token };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => client.plain(`${salesV2}/A_SalesOrder`, { ...create, headers })),
    );
    expect(new Set(answers.map((answer) => answer.at("d/SalesOrder"))).size).toBe(8);
  });
});

test("a client that does not exist is answered with a page, by header or by query", async () => {
  for (const [path, headers] of [
    [`${salesV2}/`, { "sap-client": "200" }],
    [`${salesV2}/?sap-client=200`, {}],
  ] as const) {
    const answer = await client.get(path, headers);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([401, "text/html;charset=utf-8"]);
    expect(answer.text).toContain("<html>");
  }
  expect((await client.get(`${salesV2}/A_SalesOrder?$top=1&sap-client=100`, { "sap-client": "100" })).status).toBe(200);
});

test("errors come as XML to who does not ask for JSON", async () => {
  const v2 = await client.get(`${salesV2}/A_SalesOrder('0')`, { accept: "*/*" });
  expect([v2.status, v2.headers.get("content-type")]).toEqual([404, "application/xml;charset=utf-8"]);
  expect(v2.text).toContain('<code>/IWBEP/CM_MGW_RT/020</code><message xml:lang="en">');
  expect(
    (await client.get(`${salesV2}/A_SalesOrder('0')?$format=json`, { accept: "*/*" })).at(
      "error/innererror/transactionid",
    ),
  ).toMatch(/^[0-9A-F]{32}$/);
  expect((await client.get(`${salesV4}/SalesOrder('0')`, { accept: "application/xml" })).text).toContain(
    "<code>/IWBEP/CM_V4_APPS/002</code>",
  );
  expect((await client.get(`${salesV4}/SalesOrder('0')`, { accept: "*/*" })).at("error/code")).toBe(
    "/IWBEP/CM_V4_APPS/002",
  );
});

test("what is no OData path is answered with a page, and the ping with 200", async () => {
  expect((await client.get("/nope")).headers.get("content-type")).toContain("text/html");
  expect((await client.get("/nope")).status).toBe(404);
  expect((await client.get("/sap/bc/ping")).status).toBe(200);
});

describe("users", () => {
  const users = [
    { name: "ALL", password: "p:w" },
    {
      name: "FEW",
      password: "pw",
      deniedSets: ["A_BusinessPartnerAddress"],
      visibleRows: { A_SalesOrder: { SalesOrganization: ["1010"] } },
    },
  ];

  test("come in with their password only", async () => {
    await using all = await startClient({ users }, "ALL:p:w");
    expect((await all.get(`${salesV2}/A_SalesOrder?$top=1`)).status).toBe(200);
    for (const authorization of [`Basic ${btoa("ALL:wrong")}`, `Basic ${btoa("NOBODY:pw")}`, "", "Bearer x.y.z"]) {
      const answer = await all.get(`${salesV2}/`, { authorization });
      expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([
        401,
        expect.stringContaining("Basic realm="),
      ]);
    }
  });

  test("see only the sets and rows that are theirs", async () => {
    await using few = await startClient({ users }, "FEW:pw");
    const denied = await few.get(`${partnersV2}/A_BusinessPartnerAddress?$top=1`);
    expect([denied.status, denied.at("error/code")]).toEqual([403, "/IWBEP/CM_MGW_RT/021"]);
    expect((await few.get(`${partnersV2}/A_BusinessPartner?$top=1&$expand=to_BusinessPartnerAddress`)).status).toBe(
      403,
    );
    const mine = await few.get(withQuery(`${salesV2}/A_SalesOrder`, { $select: "SalesOrganization", $top: 50 }));
    expect(
      new Set((mine.at("d/results") as { SalesOrganization: string }[]).map((row) => row.SalesOrganization)),
    ).toEqual(new Set(["1010"]));
    expect((await few.get(`${salesV2}/A_SalesOrder('1')`)).status).toBe(403);
  });

  test("are named in the ledger, and a session is of one user", async () => {
    await using all = await startClient({ users }, "ALL:p:w");
    await all.send(`${salesV2}/A_SalesOrder`, {
      ...create,
      headers: { "idempotency-key": "k-1", "x-correlation-id": "c-1" },
    });
    expect(all.sandbox.ledger()).toMatchObject([
      { method: "POST", user: "ALL", idempotencyKey: "k-1", correlationId: "c-1", service: "API_SALES_ORDER_SRV" },
    ]);
    const foreign = await all.send(`${salesV2}/A_SalesOrder`, {
      ...create,
      headers: { authorization: `Basic ${btoa("FEW:pw")}` },
    });
    expect(foreign.status).toBe(403);
  });
});
