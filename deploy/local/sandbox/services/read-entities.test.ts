import { afterAll, beforeAll, expect, test } from "vitest";
import { addDecimals } from "../data/decimal.ts";
import { seedDatabase } from "../data/seed-database.ts";
import {
  partnersV2,
  partnersV4,
  productsV2,
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

const orders = seedDatabase().find(({ definition }) => definition.name === "salesOrder")?.rows ?? [];
const inEuro = orders.filter(({ values }) => values["TransactionCurrency"] === "EUR");
const euros = inEuro.map(({ values }) => String(values["TotalNetAmount"])).reduce(addDecimals);

type Query = Readonly<Record<string, string | number>>;

/** Path, query, and what must stand where in the answer. */
const reads: readonly (readonly [path: string, query: Query, expected: Readonly<Record<string, unknown>>])[] = [
  [
    `${salesV2}/A_SalesOrder`,
    { $top: 2, $skip: 3, $inlinecount: "allpages" },
    { "d/__count": "5000", "d/results/0/SalesOrder": "4", "d/results/length": 2 },
  ],
  [
    `${salesV2}/A_SalesOrder('1')`,
    { $select: "SalesOrder,TotalNetAmount" },
    { "d/TotalNetAmount": "813620.07", "d/SoldToParty": undefined, "d/to_Item": undefined },
  ],
  [
    `${salesV2}/A_SalesOrder('1')`,
    {},
    {
      "d/SalesOrderInternalID": "9007199254741993",
      "d/CreationTime": "PT18H25M42S",
      "d/SalesOrderDate": "/Date(1632700800000)/",
      "d/LastChangeDateTime": "/Date(1632712963000+0000)/",
      "d/__metadata/type": "API_SALES_ORDER_SRV.A_SalesOrderType",
    },
  ],
  [
    `${salesV2}/A_SalesOrder('1')`,
    { $expand: "to_Item/to_SalesOrder", $select: "SalesOrder,to_Item/Material,to_Item/to_SalesOrder/SalesOrder" },
    {
      "d/to_Item/results/0/Material": "TG0040",
      "d/to_Item/results/0/NetAmount": undefined,
      "d/to_Item/results/0/to_SalesOrder/SalesOrder": "1",
    },
  ],
  [
    `${salesV2}/A_SalesOrder('1')/to_Item`,
    { $orderby: "SalesOrderItem desc", $top: 1 },
    { "d/results/0/SalesOrderItem": "30" },
  ],
  [
    `${salesV2}/A_SalesOrder('1')/to_Item(SalesOrder='1',SalesOrderItem='20')/to_SalesOrder`,
    {},
    { "d/SalesOrder": "1" },
  ],
  [`${salesV2}/A_SalesOrder('1')/SalesOrderDate`, {}, { "d/SalesOrderDate": "/Date(1632700800000)/" }],
  [
    `${salesV4}/SalesOrder('1')/SalesOrderDate`,
    {},
    { "@odata.context": "$metadata#SalesOrder('1')/SalesOrderDate", value: "2021-09-27" },
  ],
  [
    `${salesV2}/A_SalesOrder`,
    { $orderby: "TransactionCurrency,TotalNetAmount desc", $top: 1, $select: "TransactionCurrency" },
    { "d/results/0/TransactionCurrency": "CHF" },
  ],
  [`${salesV2}/A_SalesOrderChangeDocument(9223372036854770000L)`, {}, { "d/ChangeDocument": "9223372036854770000" }],
  [
    `${salesV2}/A_SalesOrderItem`,
    { $filter: "to_SalesOrder/SoldToParty eq '10002111' and SalesOrder eq '1'", $top: 1 },
    { "d/results/0/SalesOrder": "1" },
  ],
  [
    `${partnersV2}/A_BusinessPartner`,
    { $filter: "substringof('O''Neil',BusinessPartnerFullName)", $top: 1, $expand: "to_BusinessPartnerAddress" },
    { "d/results/0/to_BusinessPartnerAddress/results/0/AddressID": expect.any(String) },
  ],
  [
    `${productsV2}/A_ProductDescription(Product='TG0001',Language='DE')`,
    {},
    { "d/Product": "TG0001", "d/Language": "DE" },
  ],
  [
    `${salesV4}/SalesOrder`,
    { $top: 1, $count: "true" },
    {
      "@odata.count": 5_000,
      "value/0/SalesOrder": "1",
      "value/0/SalesOrderDate": "2021-09-27",
      "value/0/CreationTime": "18:25:42",
      "value/0/LastChangeDateTime": "2021-09-27T03:22:43Z",
      "value/0/@odata.etag": expect.stringContaining("W/"),
    },
  ],
  [
    `${salesV4}/SalesOrder('1')`,
    {
      $select: "SalesOrder",
      $expand:
        "_Item($filter=SalesOrderItem gt '10';$orderby=NetAmount desc;$top=1;$count=true;$select=SalesOrderItem),_SoldToParty($select=BusinessPartner)",
    },
    { "_Item@odata.count": 2, "_Item/length": 1, "_SoldToParty/BusinessPartner": "10002111", SoldToParty: undefined },
  ],
  [
    `${salesV4}/SalesOrder`,
    {
      $filter:
        "_Item/any(i:i/Material eq 'TG0040' and i/RequestedQuantity gt 100) and _SoldToParty/BusinessPartner eq '10002111'",
      $top: 5,
    },
    { "value/0/SalesOrder": "1" },
  ],
  [`${salesV4}/SalesOrder`, { $search: "bestellung 10000", $count: "true" }, { "value/0/SalesOrder": "1" }],
  [`${salesV4}/SalesOrderItem(SalesOrder='1',SalesOrderItem='10')/_SalesOrder`, {}, { SalesOrder: "1" }],
  [
    `${salesV4}/SalesOrder`,
    {
      $apply:
        "filter(TransactionCurrency eq 'EUR')/aggregate(TotalNetAmount with sum as Total,TotalNetAmount with min as Least,TotalNetAmount with max as Most,TotalNetAmount with average as Mean,SoldToParty with countdistinct as Customers,$count as Orders)",
    },
    { "value/0/Orders": inEuro.length, "value/0/Total": Number(euros), "value/length": 1 },
  ],
  [
    `${salesV4}/SalesOrder`,
    {
      $apply:
        "groupby((SalesOrganization,TransactionCurrency),aggregate(TotalNetAmount with sum as Total))/filter(TransactionCurrency eq 'KWD')",
      $orderby: "Total desc",
      $top: 1,
    },
    { "value/length": 1, "value/0/TransactionCurrency": "KWD" },
  ],
  [
    `${partnersV4}/BusinessPartner`,
    { $filter: "BusinessPartnerCategory eq '1' and LastName in ('O''Brien','Nuñez')", $top: 1 },
    { "value/0/BusinessPartnerCategory": "1" },
  ],
];

test.each(reads)("%s %j", async (path, query, expected) => {
  const answer = await client.get(withQuery(path, query));
  expect(answer.status).toBe(200);
  for (const [where, value] of Object.entries(expected)) expect(answer.at(where)).toEqual(value);
});
