import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { multiplyDecimals } from "../data/decimal.ts";
import { partnersV4, productsV2, productsV4, salesV2, salesV4, startClient } from "../testing/sandbox-client.ts";
import type { SandboxClient } from "../testing/sandbox-client.ts";

let client: SandboxClient;
beforeAll(async () => {
  client = await startClient();
});
afterAll(() => client[Symbol.asyncDispose]());

const anyState = { "if-match": "*" };
const order = { SalesOrderType: "OR", SalesOrganization: "1010", SoldToParty: "10000001" };

async function createOrder(): Promise<string> {
  const body = {
    ...order,
    to_Item: [
      { Material: "TG0001", RequestedQuantity: "3" },
      { Material: "TG0002", RequestedQuantity: "1.5" },
    ],
  };
  const created = await client.send(`${salesV2}/A_SalesOrder`, { method: "POST", body });
  expect(created.status).toBe(201);
  return String(created.at("d/SalesOrder"));
}

describe("creating", () => {
  test("an order with items in V2 answers with all of it, prices it, and says where it is", async () => {
    const body = {
      ...order,
      RequestedDeliveryDate: "/Date(1798675200000)/",
      to_Item: { results: [{ Material: "TG0001", RequestedQuantity: "3" }] },
    };
    const created = await client.send(`${salesV2}/A_SalesOrder`, { method: "POST", body });
    expect(created.status).toBe(201);
    const number = String(created.at("d/SalesOrder"));
    expect(created.headers.get("location")).toBe(`${client.sandbox.url}${salesV2}/A_SalesOrder('${number}')`);
    expect(created.at("d/to_Item/results/0/SalesOrderItem")).toBe("10");
    expect(created.at("d/TotalNetAmount")).toBe(created.at("d/to_Item/results/0/NetAmount"));
    const read = await client.get(`${salesV2}/A_SalesOrder('${number}')`);
    expect(read.at("d/RequestedDeliveryDate")).toBe("/Date(1798675200000)/");
    expect(read.headers.get("etag")).toBe(created.headers.get("etag"));
  });

  test("in V4 takes numbers, or strings when it is said, and may answer with nothing", async () => {
    const body = { ...order, _Item: [{ Material: "TG0001", RequestedQuantity: 3.25 }] };
    const created = await client.send(`${salesV4}/SalesOrder`, { method: "POST", body });
    expect(created.status).toBe(201);
    expect(created.text).toContain('"RequestedQuantity":3.25');
    const asStrings = { ...order, _Item: [{ Material: "TG0001", RequestedQuantity: "3.25" }] };
    expect((await client.send(`${salesV4}/SalesOrder`, { method: "POST", body: asStrings })).status).toBe(400);
    const headers = { "content-type": "application/json;IEEE754Compatible=true", prefer: "return=minimal" };
    const minimal = await client.send(`${salesV4}/SalesOrder`, { method: "POST", body: asStrings, headers });
    expect([minimal.status, minimal.text]).toEqual([204, ""]);
    expect(minimal.headers.get("location")).toContain("/SalesOrder('");
  });

  test("behind a navigation belongs to the parent", async () => {
    const number = await createOrder();
    const item = await client.send(`${salesV2}/A_SalesOrder('${number}')/to_Item`, {
      method: "POST",
      body: { Material: "TG0005", RequestedQuantity: "2" },
    });
    expect([item.at("d/SalesOrder"), item.at("d/SalesOrderItem")]).toEqual([number, "30"]);
    const partner = await client.send(`${partnersV4}/BusinessPartner`, {
      method: "POST",
      body: {
        BusinessPartnerCategory: "2",
        OrganizationBPName1: "Ärger & Söhne",
        _BusinessPartnerAddress: [{ CityName: "Köln", Country: "DE" }],
      },
    });
    expect([partner.at("BusinessPartnerFullName"), partner.at("_BusinessPartnerAddress/0/CityName")]).toEqual([
      "Ärger & Söhne",
      "Köln",
    ]);
  });

  test("keeps every digit of a decimal and of a key with awkward characters", async () => {
    const product = {
      Product: "NEW'1/2%",
      ProductType: "HAWA",
      BaseUnit: "PC",
      StandardPrice: "123456789.01",
      GrossWeight: "0.125",
    };
    const created = await client.send(`${productsV2}/A_Product`, { method: "POST", body: product });
    expect(created.at("d/StandardPrice")).toBe("123456789.01");
    expect(created.headers.get("location")).toContain("A_Product('NEW''1%2F2%25')");
    expect((await client.get(new URL(created.headers.get("location") ?? "").pathname)).at("d/GrossWeight")).toBe(
      "0.125",
    );
    expect(
      (await client.send(`${productsV2}/A_Product`, { method: "POST", body: product })).at("error/message/value"),
    ).toContain("already exists");
  });
});

describe("changing", () => {
  test("an item changes its price, its order's total and both ETags", async () => {
    const number = await createOrder();
    const path = `${salesV2}/A_SalesOrderItem(SalesOrder='${number}',SalesOrderItem='20')`;
    const before = await client.get(path);
    const etag = before.headers.get("etag") ?? "";
    const total = (await client.get(`${salesV2}/A_SalesOrder('${number}')`)).at("d/TotalNetAmount");
    const changed = await client.send(path, {
      method: "MERGE",
      headers: { "if-match": etag },
      body: { RequestedQuantity: "3.0" },
    });
    expect([changed.status, changed.text]).toEqual([204, ""]);
    const after = await client.get(path);
    expect(after.at("d/NetAmount")).toBe(multiplyDecimals(String(before.at("d/NetPriceAmount")), "3", 2));
    expect(after.headers.get("etag")).toBe(changed.headers.get("etag"));
    expect((await client.get(`${salesV2}/A_SalesOrder('${number}')`)).at("d/TotalNetAmount")).not.toBe(total);
    const stale = await client.send(path, {
      method: "PATCH",
      headers: { "if-match": etag },
      body: { RequestedQuantity: "4" },
    });
    expect([stale.status, stale.at("error/code")]).toEqual([412, "/IWBEP/CM_MGW_RT/190"]);
  });

  test("without If-Match is refused with 428, in V2 and V4, by whatever method", async () => {
    for (const method of ["MERGE", "PATCH", "PUT", "DELETE"]) {
      expect((await client.send(`${salesV2}/A_SalesOrder('7')`, { method, body: {} })).status).toBe(428);
    }
    const v4 = await client.send(`${salesV4}/SalesOrder('7')`, { method: "PATCH", body: {} });
    expect([v4.status, v4.at("error/details/0/code")]).toEqual([428, "/IWBEP/CM_V4_RUNTIME/052"]);
  });

  test("answers with the entity in V4, and PUT puts what is not given back to initial", async () => {
    const path = `${productsV4}/Product('TG0011')`;
    const patched = await client.send(path, { method: "PATCH", headers: anyState, body: { CountryOfOrigin: "NL" } });
    expect([patched.status, patched.at("CountryOfOrigin"), patched.at("WeightUnit")]).toEqual([200, "NL", "KG"]);
    const put = await client.send(path, { method: "PUT", headers: anyState, body: { BaseUnit: "PC" } });
    expect([put.at("CountryOfOrigin"), put.at("WeightUnit"), put.at("ProductType")]).toEqual([
      "",
      "",
      patched.at("ProductType"),
    ]);
  });

  test("by POST with X-HTTP-Method is what it says", async () => {
    const answer = await client.send(`${productsV2}/A_Product('TG0012')`, {
      method: "POST",
      headers: { ...anyState, "x-http-method": "MERGE" },
      body: { CountryOfOrigin: "NL" },
    });
    expect(answer.status).toBe(204);
  });
});

test("deleting an order takes its items along", async () => {
  const number = await createOrder();
  expect(
    (await client.send(`${salesV2}/A_SalesOrder('${number}')`, { method: "DELETE", headers: anyState })).status,
  ).toBe(204);
  expect((await client.get(`${salesV2}/A_SalesOrder('${number}')`)).status).toBe(404);
  expect((await client.get(`${salesV2}/A_SalesOrderItem(SalesOrder='${number}',SalesOrderItem='10')`)).status).toBe(
    404,
  );
});
