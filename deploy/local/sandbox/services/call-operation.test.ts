import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { promotions, salesV2, salesV4, startClient, withQuery } from "../testing/sandbox-client.ts";
import type { SandboxClient } from "../testing/sandbox-client.ts";

let client: SandboxClient;
beforeAll(async () => {
  client = await startClient();
});
afterAll(() => client[Symbol.asyncDispose]());

const post = (body: object = {}) => ({ method: "POST", body });

async function numberOf(filter: string): Promise<string> {
  const found = await client.get(withQuery(`${salesV2}/A_SalesOrder`, { $filter: filter, $top: 1 }));
  return String(found.at("d/results/0/SalesOrder"));
}

describe("function imports of V2", () => {
  test("cancel an order once", async () => {
    const number = await numberOf("OverallSDProcessStatus eq 'A'");
    const path = `${salesV2}/CancelSalesOrder?SalesOrder='${number}'&SalesDocumentRjcnReason='51'`;
    const cancelled = await client.send(path, post());
    expect([cancelled.status, cancelled.at("d/OverallSDDocumentRejectionSts")]).toEqual([200, "C"]);
    expect((await client.send(path, post())).at("error/code")).toBe("V1/850");
    expect(client.sandbox.ledger().at(-1)).toMatchObject({
      method: "POST",
      path: "CancelSalesOrder",
      key: `A_SalesOrder('${number}')`,
    });
  });

  test("release an order that waits for approval, and no other", async () => {
    const number = await numberOf("SalesDocApprovalStatus eq 'A'");
    const released = await client.send(`${salesV2}/releaseApprovalRequest?SalesOrder='${number}'`, post());
    expect(released.at("d/SalesDocApprovalStatus")).toBe("B");
    expect(
      (await client.send(`${salesV2}/releaseApprovalRequest?SalesOrder='${number}'`, post())).at("error/code"),
    ).toBe("APPRVL/007");
  });

  test("return entities and complex values by GET", async () => {
    const orders = await client.get(`${salesV2}/GetSalesOrdersOfCustomer?SoldToParty='10002111'`);
    expect(orders.at("d/results/0/SoldToParty")).toBe("10002111");
    const total = await client.get(`${salesV2}/GetOrderTotal?SoldToParty='10002111'&TransactionCurrency='EUR'`);
    expect(total.at("d/GetOrderTotal")).toMatchObject({
      SoldToParty: "10002111",
      TransactionCurrency: "EUR",
      TotalNetAmount: expect.stringMatching(/^\d+\.\d\d$/),
    });
  });

  test.each([
    ["GET", "CancelSalesOrder?SalesOrder='1'&SalesDocumentRjcnReason='51'", 405],
    ["POST", "CancelSalesOrder?SalesOrder='1'", 400],
    ["POST", "CancelSalesOrder?SalesOrder=1&SalesDocumentRjcnReason='51'", 400],
    ["POST", "CancelSalesOrder?SalesOrder='nope'&SalesDocumentRjcnReason='51'", 404],
    ["POST", "GetOrderTotal?SoldToParty='1'", 405],
  ])("%s %s is refused with %i", async (method, path, status) => {
    expect((await client.send(`${salesV2}/${path}`, { method })).status).toBe(status);
  });
});

describe("operations of V4", () => {
  test("bound to an order cancel it and tell its open items", async () => {
    const number = await numberOf("OverallSDProcessStatus eq 'B'");
    const order = `${salesV4}/SalesOrder('${number}')`;
    const stale = await client.send(`${order}/SAP__self.CancelSalesOrder`, {
      ...post({ SalesDocumentRjcnReason: "51" }),
      headers: { "if-match": 'W/"x"' },
    });
    expect(stale.status).toBe(412);
    const before = await client.get(`${order}/com.sap.gateway.srvd_a2x.api_salesorder.v0001.GetOpenItems()`);
    expect(before.at("value/0/SalesOrder")).toBe(number);
    const cancelled = await client.send(`${order}/SAP__self.CancelSalesOrder`, post({ SalesDocumentRjcnReason: "51" }));
    expect([cancelled.status, cancelled.at("OverallSDDocumentRejectionSts")]).toEqual([200, "C"]);
    expect((await client.get(`${order}/SAP__self.GetOpenItems()`)).at("value")).toEqual([]);
  });

  test("not bound to anything stand at the root", async () => {
    const total = await client.get(`${salesV4}/GetOrderTotal(SoldToParty='10002111',TransactionCurrency='EUR')`);
    expect(total.at("NumberOfOrders")).toEqual(expect.any(Number));
    const released = await client.send(`${salesV4}/ReleaseOrdersOfCustomer`, post({ SoldToParty: "10002111" }));
    expect(released.at("value")).toEqual(expect.any(Array));
  });

  test.each([
    ["POST", "SalesOrder('2')/CancelSalesOrder", 404, {}],
    ["POST", "SalesOrder('2')/SAP__self.Nope", 404, {}],
    ["POST", "SalesOrder('2')/SAP__self.CancelSalesOrder", 400, {}],
    ["POST", "SalesOrder('2')/SAP__self.CancelSalesOrder", 400, { SalesDocumentRjcnReason: "51", Nope: 1 }],
    ["GET", "SalesOrder('2')/SAP__self.CancelSalesOrder", 405, undefined],
    ["GET", "GetOrderTotal(Nope='1')", 400, undefined],
  ])("%s %s is refused with %i", async (method, path, status, body) => {
    expect((await client.send(`${salesV4}/${path}`, { method, body })).status).toBe(status);
  });
});

describe("a promotion", () => {
  const draft = (uuid: unknown) => `${promotions}/Promotion(PromotionUUID=${String(uuid)},IsActiveEntity=false)`;
  const active = (uuid: unknown) => `${promotions}/Promotion(PromotionUUID=${String(uuid)},IsActiveEntity=true)`;
  const anyState = { "if-match": "*" };

  test("is created as a draft, and is active when it is complete and activated", async () => {
    const created = await client.send(
      `${promotions}/Promotion`,
      post({ PromotionName: "Frühjahr", DiscountPercent: 12.5 }),
    );
    expect([created.status, created.at("IsActiveEntity")]).toEqual([201, false]);
    const uuid = created.at("PromotionUUID");
    const early = await client.send(`${draft(uuid)}/SAP__self.Activate`, post());
    expect(early.at("error/code")).toBe("SDPROMO/002");
    const body = { ValidityStartDate: "2026-03-01", ValidityEndDate: "2026-03-31" };
    expect((await client.send(draft(uuid), { method: "PATCH", headers: anyState, body })).status).toBe(200);
    const activated = await client.send(`${draft(uuid)}/SAP__self.Activate`, post());
    expect([activated.status, activated.at("IsActiveEntity")]).toEqual([200, true]);
    expect((await client.get(draft(uuid))).status).toBe(404);
    expect((await client.get(active(uuid))).at("PromotionName")).toBe("Frühjahr");
  });

  test("that is active is changed through a draft only, which can be discarded", async () => {
    const found = await client.get(`${promotions}/Promotion?$filter=IsActiveEntity%20eq%20true&$top=1`);
    const uuid = found.at("value/0/PromotionUUID");
    const direct = await client.send(active(uuid), {
      method: "PATCH",
      headers: anyState,
      body: { PromotionName: "x" },
    });
    expect(direct.at("error/code")).toBe("SDRAFT/103");
    expect((await client.get(`${active(uuid)}/SiblingEntity`)).status).toBe(204);
    const edited = await client.send(`${active(uuid)}/SAP__self.Edit`, post());
    expect([edited.at("IsActiveEntity"), edited.at("HasActiveEntity")]).toEqual([false, true]);
    expect((await client.get(active(uuid))).at("HasDraftEntity")).toBe(true);
    expect((await client.get(`${active(uuid)}/SiblingEntity`)).at("IsActiveEntity")).toBe(false);
    expect((await client.send(`${active(uuid)}/SAP__self.Edit`, post())).at("error/code")).toBe("SDRAFT/102");
    expect((await client.send(`${draft(uuid)}/SAP__self.Discard`, post())).status).toBe(204);
    expect((await client.get(active(uuid))).at("HasDraftEntity")).toBe(false);
  });
});
