import { afterAll, beforeAll, expect, test } from "vitest";
import { partnersV2, productsV2, productsV4, salesV2, startClient } from "../testing/sandbox-client.ts";
import type { SandboxClient } from "../testing/sandbox-client.ts";

let client: SandboxClient;
beforeAll(async () => {
  client = await startClient();
});
afterAll(() => client[Symbol.asyncDispose]());

const order = { SalesOrderType: "OR", SalesOrganization: "1010", SoldToParty: "10000001" };
const item = (RequestedQuantity: unknown) => ({ ...order, to_Item: [{ Material: "TG0001", RequestedQuantity }] });

/** Method and path, body, and the status, the code and a part of the message that answer it. */
const refused: readonly (readonly [request: string, body: object, expected: string])[] = [
  [`POST ${salesV2}/A_SalesOrder`, { SalesOrderType: "OR" }, "400 00/055 Fill in all required entry fields"],
  [`POST ${salesV2}/A_SalesOrder`, { ...order, SoldToParty: "99" }, "400 VP/112 Customer 99 does not exist"],
  [`POST ${salesV2}/A_SalesOrder`, { ...order, TotalNetAmount: "1" }, "400 /IWBEP/CM_MGW_RT/024 cannot be set"],
  [`POST ${salesV2}/A_SalesOrder`, { ...order, Nope: 1 }, "400 /IWFND/CM_MGW/129 Property 'Nope' not found"],
  [`POST ${salesV2}/A_SalesOrder`, { ...order, SalesOrderType: "LONGER" }, "400 /IWFND/CM_MGW/011 maximum length of 4"],
  [`POST ${salesV2}/A_SalesOrder`, item(3), "400 /IWFND/CM_MGW/011 Failed to read property 'RequestedQuantity'"],
  [`POST ${salesV2}/A_SalesOrder`, item("0"), "400 V1/382 greater than zero"],
  [`POST ${salesV2}/A_SalesOrder`, item("1.2345"), "400 /IWFND/CM_MGW/011 3 of them decimals"],
  [`POST ${salesV2}/A_SalesOrderChangeDocument`, {}, "405 /IWFND/CM_MGW/405 cannot be created"],
  [`MERGE ${salesV2}/A_SalesOrder('1')`, { IncotermsClassification: "EXW" }, "400 V1/849 already completed"],
  [`MERGE ${salesV2}/A_SalesOrder('2')`, { SoldToParty: "2" }, "400 /IWBEP/CM_MGW_RT/025 cannot be changed"],
  [`DELETE ${salesV2}/A_SalesOrder('1')`, {}, "400 V1/849 already completed"],
  [`DELETE ${productsV2}/A_Product('TG0001')`, {}, "400 MM/329 is used in sales order"],
  [`DELETE ${partnersV2}/A_BusinessPartner('10000001')`, {}, "405 /IWFND/CM_MGW/405 cannot be deleted"],
  [`POST ${partnersV2}/A_BusinessPartner`, { BusinessPartnerCategory: "1" }, "400 R11/401 Enter a name"],
  [`POST ${partnersV2}/A_BusinessPartner('10000001')`, {}, "405 /IWFND/CM_MGW/405 Method POST is not allowed"],
  [
    `POST ${productsV4}/ProductDescription`,
    { Product: "NOPE", Language: "EN", ProductDescription: "x" },
    "400 M3/305 does not exist",
  ],
];

test.each(refused)("%s %j is refused with %s", async (request, body, expected) => {
  const [method = "", path = ""] = request.split(" ");
  const [status, code, ...message] = expected.split(" ");
  const isV2 = path.includes("/odata/");
  const answer = await client.send(path, { method, headers: method === "POST" ? {} : { "if-match": "*" }, body });
  expect([answer.status, answer.at("error/code")]).toEqual([Number(status), code]);
  expect(answer.at(isV2 ? "error/message/value" : "error/message")).toContain(message.join(" "));
  expect(answer.at(isV2 ? "error/innererror/errordetails/0/code" : "error/details/0/code")).toBe(code);
  expect(client.sandbox.ledger()).toEqual([]);
});

test("a deep insert that fails half way leaves nothing behind", async () => {
  const before = (await client.get(`${salesV2}/A_SalesOrder/$count`)).text;
  const items = [
    { Material: "TG0001", RequestedQuantity: "1" },
    { Material: "NOPE", RequestedQuantity: "1" },
  ];
  const answer = await client.send(`${salesV2}/A_SalesOrder`, { method: "POST", body: { ...order, to_Item: items } });
  expect(answer.at("error/code")).toBe("M3/305");
  expect((await client.get(`${salesV2}/A_SalesOrder/$count`)).text).toBe(before);
});

test.each(["", "{", "[]", "1", '{"SalesOrderType":'])("the body %j is no JSON object and refused", async (body) => {
  expect((await client.send(`${salesV2}/A_SalesOrder`, { method: "POST", body })).status).toBe(400);
});

test("a body in XML is not understood", async () => {
  const headers = { "content-type": "application/xml" };
  expect((await client.send(`${salesV2}/A_SalesOrder`, { method: "POST", body: "<a/>", headers })).status).toBe(415);
});
