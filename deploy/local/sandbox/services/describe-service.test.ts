import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  partnersV4,
  productsV2,
  promotions,
  salesV2,
  salesV4,
  startClient,
  withQuery,
} from "../testing/sandbox-client.ts";
import type { SandboxClient } from "../testing/sandbox-client.ts";

let client: SandboxClient;
beforeAll(async () => {
  client = await startClient();
});
afterAll(() => client[Symbol.asyncDispose]());

const catalogV2 = "/sap/opu/odata/IWFND/CATALOGSERVICE;v=2/ServiceCollection";
const catalogV4 = "/sap/opu/odata4/iwfnd/config/default/iwfnd/catalog/0002/ServiceGroups";

describe("the V2 catalog", () => {
  test("finds services by a part of their name, counts them, and names URLs of a host that nobody outside can reach", async () => {
    const query = {
      $filter: "substringof('SALES_ORDER_SRV',TechnicalServiceName) or substringof('Händler',Description)",
      $inlinecount: "allpages",
      $format: "json",
    };
    const answer = await client.get(withQuery(catalogV2, query), { accept: "*/*" });
    expect(answer.at("d/__count")).toBe("2");
    expect(answer.at("d/results/0")).toMatchObject({
      ID: "API_SALES_ORDER_SRV_0001",
      Title: "API_SALES_ORDER_SRV",
      Description: "Remote API for Sales Order",
      TechnicalServiceName: "API_SALES_ORDER_SRV",
      TechnicalServiceVersion: 1,
      ServiceUrl: expect.stringMatching(/^http:\/\/[^/]+\/sap\/opu\/odata\/sap\/API_SALES_ORDER_SRV$/),
      MetadataUrl: expect.stringMatching(/API_SALES_ORDER_SRV\/\$metadata$/),
    });
  });

  test("lists some dozens of services, page by page", async () => {
    const all = await client.get(`${catalogV2}?$format=json`);
    const second = await client.get(`${catalogV2}?$format=json&$skip=5&$top=5`);
    const names = (all.at("d/results") as { ID: string }[]).map(({ ID }) => ID);
    expect(names.length).toBeGreaterThan(36);
    expect((second.at("d/results") as { ID: string }[]).map(({ ID }) => ID)).toEqual(names.slice(5, 10));
  });

  test("is the same in lower case, and unknown in another version", async () => {
    expect((await client.get("/sap/opu/odata/iwfnd/catalogservice;v=0002/ServiceCollection/$count")).status).toBe(200);
    expect((await client.get("/sap/opu/odata/IWFND/CATALOGSERVICE;v=3/ServiceCollection")).at("error/code")).toBe(
      "/IWFND/MED/170",
    );
  });
});

test("the V4 catalog names the path of each service in its group", async () => {
  const answer = await client.get(
    `${catalogV4}?$expand=DefaultSystem($expand=Services)&$filter=GroupId%20eq%20'API_SALESORDER'`,
  );
  expect(answer.at("value/0/DefaultSystem/SystemAlias")).toBe("LOCAL");
  const [service] = answer.at("value/0/DefaultSystem/Services") as Record<string, string>[];
  expect(service).toMatchObject({ ServiceId: "API_SALESORDER", ServiceVersion: "0001", ServiceUrl: `${salesV4}/` });
  expect((await client.get(`${service?.["ServiceUrl"]}$metadata`)).status).toBe(200);
});

test.each([
  "/sap/opu/odata/sap/API_BILLING_DOCUMENT_SRV/$metadata",
  "/sap/opu/odata4/sap/api_bank/srvd_a2x/sap/bank/0001/$metadata",
])("%s is listed but not registered", async (path) => {
  const answer = await client.get(path);
  expect([answer.status, answer.at("error/code")]).toEqual([403, "/IWFND/MED/170"]);
});

describe("$metadata", () => {
  test.each([salesV2, productsV2, salesV4, partnersV4, promotions])(
    "of %s is well-formed, and not sent again to who has it",
    async (root) => {
      const first = await client.get(`${root}/$metadata`, { accept: "application/xml" });
      expect(first.headers.get("content-type")).toContain("application/xml");
      const tags = [...first.text.matchAll(/<(\/?)([\w:]+)(?:\s[^<>]*?)?(\/?)>/g)];
      const open: (string | undefined)[] = [];
      const misplaced = tags.filter(([, closing, name, empty]) => {
        if (closing === "/") return open.pop() !== name;
        if (empty === "") open.push(name);
        return false;
      });
      expect([misplaced, open]).toEqual([[], []]);
      const again = await client.get(`${root}/$metadata`, { "if-none-match": first.headers.get("etag") ?? "" });
      expect([again.status, again.text]).toEqual([304, ""]);
    },
  );

  test.each([
    [
      salesV2,
      '<Property Name="TotalNetAmount" Type="Edm.Decimal" Precision="16" Scale="3" sap:unit="TransactionCurrency" sap:label="Net Value"',
    ],
    [salesV2, 'Name="SalesOrderDate" Type="Edm.DateTime" Precision="0" sap:display-format="Date"'],
    [salesV2, 'Name="SalesOrderInternalID" Type="Edm.Int64"'],
    [salesV2, 'Name="CreationTime" Type="Edm.Time"'],
    [
      salesV2,
      '<EntitySet Name="A_SalesOrderChangeDocument" EntityType="API_SALES_ORDER_SRV.A_SalesOrderChangeDocumentType" sap:label="Change Document of a Sales Order" sap:creatable="false" sap:updatable="false" sap:deletable="false"',
    ],
    [
      salesV2,
      '<FunctionImport Name="CancelSalesOrder" ReturnType="API_SALES_ORDER_SRV.A_SalesOrderType" EntitySet="A_SalesOrder" m:HttpMethod="POST"',
    ],
    [salesV2, '<FunctionImport Name="GetOrderTotal" ReturnType="API_SALES_ORDER_SRV.OrderTotal"'],
    [productsV2, '<Key><PropertyRef Name="Product"/><PropertyRef Name="Language"/></Key>'],
    [
      salesV4,
      '<NavigationProperty Name="_Item" Type="Collection(com.sap.gateway.srvd_a2x.api_salesorder.v0001.SalesOrderItem_Type)"/>',
    ],
    [salesV4, '<NavigationPropertyBinding Path="_Item" Target="SalesOrderItem"/>'],
    [salesV4, '<Action Name="CancelSalesOrder" IsBound="true" EntitySetPath="_it">'],
    [
      salesV4,
      '<FunctionImport Name="GetOrderTotal" Function="com.sap.gateway.srvd_a2x.api_salesorder.v0001.GetOrderTotal"/>',
    ],
    [
      salesV4,
      '<Annotations Target="SAP__self.SalesOrder_Type/TotalNetAmount"><Annotation Term="SAP__common.Label" String="Net Value"/>',
    ],
    [salesV4, '<Annotation Term="SAP__measures.ISOCurrency" Path="TransactionCurrency"/>'],
    [
      salesV4,
      '<Annotation Term="SAP__capabilities.InsertRestrictions"><Record><PropertyValue Property="Insertable" Bool="false"/></Record></Annotation>',
    ],
    [
      promotions,
      '<PropertyValue Property="ActivationAction" String="com.sap.gateway.srvd_a2x.ui_salespromotion.v0001.Activate"/>',
    ],
  ])("of %s says %s", async (root, part) => {
    expect((await client.get(`${root}/$metadata`)).text).toContain(part);
  });
});

test("service documents name the entity sets", async () => {
  expect((await client.get(`${salesV2}/`)).at("d/EntitySets")).toEqual([
    "A_SalesOrder",
    "A_SalesOrderItem",
    "A_SalesOrderChangeDocument",
  ]);
  expect((await client.get(salesV2, { accept: "*/*" })).text).toContain('<app:collection href="A_SalesOrder">');
  expect((await client.get(`${salesV4}/`)).at("value/0")).toEqual({ name: "SalesOrder", url: "SalesOrder" });
});
