import { afterAll, beforeEach, expect, test } from "vitest";
import { productsV2, productsV4, salesV2, salesV4, startClient } from "../testing/sandbox-client.ts";
import type { Answer, SandboxClient } from "../testing/sandbox-client.ts";

const client: SandboxClient = await startClient();
beforeEach(() => client.plain("/sandbox/reset", { method: "POST" }));
afterAll(() => client[Symbol.asyncDispose]());

interface Operation {
  readonly line: string;
  readonly body?: object;
  readonly id?: string;
  readonly headers?: readonly string[];
}

function part({ line, body, id, headers = [] }: Operation): string {
  const head = [
    "Content-Type: application/http",
    "Content-Transfer-Encoding: binary",
    ...(id === undefined ? [] : [`Content-ID: ${id}`]),
  ];
  const inner = [`${line} HTTP/1.1`, "Accept: application/json", "Content-Type: application/json", ...headers];
  return [...head, "", ...inner, "", body === undefined ? "" : JSON.stringify(body), ""].join("\r\n");
}

function changeSet(operations: readonly Operation[]): string {
  const parts = operations.map((operation) => `--cs\r\n${part(operation)}\r\n`).join("");
  return `Content-Type: multipart/mixed; boundary=cs\r\n\r\n${parts}--cs--\r\n`;
}

function sendBatch(root: string, parts: readonly string[], headers: Record<string, string> = {}): Promise<Answer> {
  const body = `${parts.map((one) => `--batch_1\r\n${one}\r\n`).join("")}--batch_1--\r\n`;
  return client.send(`${root}/$batch`, {
    method: "POST",
    body,
    headers: { "content-type": "multipart/mixed; boundary=batch_1", ...headers },
  });
}

/** The statuses of the answers in a batch, in their order. */
function statuses({ text }: Answer): number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => Number(match[1]));
}

const anyState = ["If-Match: *"];

test("V2: reads and a change set are answered in their order, and what changed is in the ledger", async () => {
  const answer = await sendBatch(salesV2, [
    part({ line: "GET A_SalesOrder('2')?$select=SalesOrder" }),
    changeSet([
      { line: "MERGE A_SalesOrder('2')", body: { IncotermsClassification: "DDP" }, headers: anyState },
      { line: `MERGE ${salesV2}/A_SalesOrder('4')`, body: { IncotermsClassification: "DDP" }, headers: anyState },
    ]),
    part({ line: "GET A_SalesOrder('2')?$select=IncotermsClassification" }),
    part({ line: "GET Nope" }),
  ]);
  expect([answer.status, ...statuses(answer)]).toEqual([202, 200, 204, 204, 200, 404]);
  expect(answer.text).toContain('"IncotermsClassification":"DDP"');
  expect(client.sandbox.ledger().map((entry) => entry.key)).toEqual(["A_SalesOrder('2')", "A_SalesOrder('4')"]);
});

test("V2: a change set that fails is taken back whole, and one error stands for it", async () => {
  const answer = await sendBatch(salesV2, [
    changeSet([
      { line: "MERGE A_SalesOrder('2')", body: { IncotermsClassification: "DDP" }, headers: anyState },
      { line: "MERGE A_SalesOrder('1')", body: { IncotermsClassification: "DDP" }, headers: anyState },
      { line: "MERGE A_SalesOrder('4')", body: { IncotermsClassification: "DDP" }, headers: anyState },
    ]),
    part({ line: "GET A_SalesOrder('2')?$select=IncotermsClassification" }),
  ]);
  expect([answer.status, ...statuses(answer)]).toEqual([202, 400, 200]);
  expect(answer.text).toContain("V1/849");
  expect(answer.text).not.toContain('"IncotermsClassification":"DDP"');
  expect(client.sandbox.ledger()).toEqual([]);
});

test("V2: a change set refers to what it created by content id, and must not read", async () => {
  const order = { SalesOrderType: "OR", SalesOrganization: "1010", SoldToParty: "10000001" };
  const created = await sendBatch(salesV2, [
    changeSet([
      { line: "POST A_SalesOrder", body: order, id: "1" },
      { line: "POST $1/to_Item", body: { Material: "TG0001", RequestedQuantity: "2" }, id: "2" },
    ]),
  ]);
  expect(statuses(created)).toEqual([201, 201]);
  expect((await client.get(`${salesV2}/A_SalesOrderItem(SalesOrder='60000000',SalesOrderItem='10')`)).status).toBe(200);
  const read = await sendBatch(salesV2, [changeSet([{ line: "GET A_SalesOrder('2')" }])]);
  expect(statuses(read)).toEqual([400]);
});

test("V4 multipart: stops at the first failure unless it is told to go on", async () => {
  const parts = [part({ line: "GET SalesOrder('0')" }), part({ line: "GET SalesOrder('2')?$select=SalesOrder" })];
  const stopped = await sendBatch(salesV4, parts);
  expect([stopped.status, ...statuses(stopped)]).toEqual([200, 404]);
  const wentOn = await sendBatch(salesV4, parts, { prefer: "odata.continue-on-error" });
  expect([wentOn.status, ...statuses(wentOn)]).toEqual([200, 404, 200]);
});

test("V4 JSON: groups are atomic, digits survive, and what depends on a failure is not tried", async () => {
  const text = (id: string, language: string, more: object = {}) => ({
    id,
    method: "POST",
    url: "ProductDescription",
    body: { Product: "TG0001", Language: language, ProductDescription: "Größe" },
    ...more,
  });
  const requests = [
    {
      id: "0",
      method: "GET",
      url: `${productsV4}/Product('TG0001')?$select=Product`,
      headers: { Accept: "application/json" },
    },
    text("1", "FR", { atomicityGroup: "a" }),
    text("2", "EN", { atomicityGroup: "a" }),
    text("3", "IT", { dependsOn: ["1"] }),
    text("4", "ES", { atomicityGroup: "b" }),
    { id: "5", method: "GET", url: "ProductDescription/$count?$filter=Product%20eq%20'TG0001'" },
  ];
  const headers = { "content-type": "application/json", prefer: "odata.continue-on-error" };
  const answer = await client.send(`${productsV4}/$batch`, { method: "POST", body: { requests }, headers });
  expect(answer.status).toBe(200);
  const responses = answer.at("responses") as { id: string; status: number; body?: unknown }[];
  expect(responses.map(({ id, status }) => [id, status])).toEqual([
    ["0", 200],
    ["a", 400],
    ["3", 424],
    ["4", 201],
    ["5", 200],
  ]);
  expect(responses[4]?.body).toBe("3");
  const body = `{"requests":[{"id":"1","method":"PATCH","url":"Product('TG0001')","headers":{"If-Match":"*"},"body":{"StandardPrice":123456789.10}}]}`;
  const exact = await client.send(`${productsV4}/$batch`, { method: "POST", body, headers });
  expect(exact.text).toContain('"StandardPrice":123456789.10');
});

test.each([
  [productsV2, "multipart/mixed", "--x--", 400],
  [productsV2, "multipart/mixed; boundary=x", "no boundary here", 400],
  [productsV2, "multipart/mixed; boundary=x", "--x\r\nContent-Type: application/http\r\n\r\nnonsense\r\n--x--", 400],
  [productsV2, "application/json", "{}", 415],
  [productsV4, "application/json", "{}", 400],
  [productsV4, "application/json", '{"requests":[{"id":1}]}', 400],
  [productsV4, "text/plain", "x", 415],
])("a batch for %s that is %s %j is refused with %i", async (root, type, body, status) => {
  const answer = await client.send(`${root}/$batch`, { method: "POST", body, headers: { "content-type": type } });
  expect(answer.status).toBe(status);
});
