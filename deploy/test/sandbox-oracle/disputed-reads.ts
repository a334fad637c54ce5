import { productsV2, productsV4, salesV2, salesV4 } from "../../local/sandbox/testing/sandbox-client.ts";
import { inTermsOfV4, keyOf, refused, request, wrong } from "./compared-request.ts";
import type { ComparedRequest, RightAnswer } from "./compared-request.ts";
import type { JsonRow } from "./read-answer.ts";

/** What the oracle does, with what, and what is right. */
type Mistake = readonly [because: string, path: string, right: RightAnswer];

const utc = ["offset'2021-10-05T00:00:00Z'", "'2021-10-05T00:00:00'"] as const;
const sum = { text: /"Sum":21588497\.90?[,}]/ };
const changes = [{ to_ChangeDocument: [{ SalesOrder: "1" }] }];

/** In the terms of V2. */
const inBoth: readonly Mistake[] = [
  ["answers 500", "Nope", refused(404, /Resource not found for the segment 'Nope'/)],
  ["reads the set", "A_SalesOrder('2')/Nope", refused(404, /Resource not found for the segment 'Nope'/)],
  ["has no error envelope", "A_SalesOrder('0')", refused(404, /not found for segment|does not exist/)],
  ["ignores it", "A_SalesOrder?$filter=Nope eq 'x'", refused(400, /Property 'Nope' not found/)],
  ["ignores it", "A_SalesOrder?$select=Nope", refused(400, /Property 'Nope' not found/)],
  ["ignores it", "A_SalesOrder?$expand=Nope", refused(400, /Navigation property 'Nope' not found/)],
  ["ignores it", "A_SalesOrder?$orderby=Nope", refused(400, /Property 'Nope' not found/)],
  ["ignores it", "A_SalesOrder?$top=x", refused(400, /Invalid value 'x' for query option \$top/)],
  ["ignores it", "A_SalesOrder?$nope=x", refused(400, /System query option '\$nope' is not supported/)],
  ["answers 500", "A_SalesOrder?$filter=SalesOrder eq", refused(400, /Invalid token 'eq' at position 11/)],
  ["reads any item", "A_SalesOrderItem('10')", refused(400, /the key is SalesOrder, SalesOrderItem/)],
  ["knows no client", "A_SalesOrder?sap-client=200", { status: 401, text: /^<!DOCTYPE html>/ }],
  ["answers 500", "A_SalesOrder?$filter=startswith(PurchaseOrderByCustomer,'Ref. ''A')", { asIf: ["''A", ""] }],
  ["adds the key", "A_SalesOrder('1')?$select=TotalNetAmount", { rows: [{ TotalNetAmount: 813620.07 }] }],
  ["reads all", "A_SalesOrder?$top=0", { rows: [] }],
  ["reads Int64 as a double", "A_SalesOrder('1')", { text: /"SalesOrderInternalID":"?9007199254741993\b/ }],
];

const inV2: readonly Mistake[] = [
  ["answers 500", "A_SalesOrder?$filter=TotalNetAmount gt 1000000.5M", { asIf: ["5M", "5"] }],
  ["answers 500", "A_SalesOrder?$filter=startswith(SalesOrderType,'SO') eq true", { asIf: [" eq true", ""] }],
  ["finds none", "A_SalesOrder?$filter=LastChangeDateTime gt datetimeoffset'2021-10-05T00:00:00Z'", { asIf: utc }],
  ["answers 500", "A_SalesOrder?$filter=CreationTime gt time'PT23H'&$select=SalesOrder", orders("35", "39", "51")],
  [
    "selects all",
    "A_SalesOrder('1')?$expand=to_ChangeDocument&$select=to_ChangeDocument/SalesOrder",
    { rows: changes },
  ],
  ["answers as in V4", "A_SalesOrder('2')/SalesOrderType", { rows: [{ SalesOrderType: "OR" }] }],
  [
    "answers 500",
    "GetSalesOrdersOfCustomer?SoldToParty='10002111'",
    { text: /"SalesOrder":"1",.*"SalesOrder":"2869"/ },
  ],
];

const inV4: readonly Mistake[] = [
  ["answers 500", "SalesOrder?$filter=TotalNetAmount in (813620.07,1)", { asIf: ["in (813620.07,1)", "eq 813620.07"] }],
  ["answers 500", "SalesOrder?$filter=CreationTime gt 23:00:00&$select=SalesOrder", orders("35", "39", "51")],
  ["answers 500", "SalesOrder?$filter=day(SalesOrderDate) eq 5", { asIf: [/day.*/, "SalesOrderDate eq 2021-10-05"] }],
  [
    "finds none",
    "SalesOrder?$filter=startswith(_SoldToParty/BusinessPartner,'100022')",
    { asIf: [/_.*er,/, "SoldToParty,"] },
  ],
  ["finds all", "SalesOrder?$filter=_ChangeDocument/any()&$select=SalesOrder", orders("1", "48", "53")],
  [
    "expands all",
    "SalesOrder('1')?$select=SalesOrder&$expand=_Item($top=0)",
    { rows: [{ SalesOrder: "1", _Item: [] }] },
  ],
  ["minds the case", "SalesOrder?$search=bestellung", { asIf: ["best", "Best"] }],
  ["forgets the order", "SalesOrder('2')/_Item(SalesOrderItem='10')", { asIf: ["(S", "(SalesOrder='2',S"] }],
  ["adds doubles", "SalesOrder?$apply=groupby((TransactionCurrency),aggregate(TotalNetAmount with sum as Sum))", sum],
  ["calls nothing", "SalesOrder('1')/SAP__self.GetOpenItems()", { asIf: ["SAP__self.GetOpenItems()", "_Item"] }],
  [
    "calls nothing",
    "GetOrderTotal(SoldToParty='10002111',TransactionCurrency='EUR')",
    { text: /"TotalNetAmount":1435001.44/ },
  ],
];

const catalogV2: Mistake = [
  "lists the ends of URLs",
  "ServiceCollection('API_SALES_ORDER_SRV_0001')?$select=ID,ServiceUrl",
  { rows: [{ ID: "API_SALES_ORDER_SRV_0001", ServiceUrl: `http://vhs4hci.sandbox.internal:44300${salesV2}` }] },
];
const catalogV4: Mistake = [
  "has none of V4",
  "ServiceGroups('API_SALESORDER')/DefaultSystem/Services?$select=ServiceId,ServiceUrl",
  { rows: [{ ServiceId: "API_SALESORDER", ServiceUrl: `${salesV4}/` }] },
];

const hostileKeys = ["O'RING-10", "1/2'' HOSE", "''", "NAME eq 'X'", "50%-MIX", "100% COTTON", "%2F", "A%20B"];
const misread = hostileKeys.map((Product): Mistake => {
  return ["decodes keys wrongly", `A_Product${keyOf(Product)}?$select=Product`, { rows: [{ Product }] }];
});

function orders(...keys: string[]): { rows: JsonRow[] } {
  return { rows: keys.map((SalesOrder) => ({ SalesOrder })) };
}

function reads(root: string, mistakes: readonly Mistake[], translate = (path: string) => path): ComparedRequest[] {
  return mistakes.map(([because, path, right]) => wrong(request(root, translate(path)), because, right));
}

/** Reads that the oracle answers wrongly. */
export const disputedReads: readonly ComparedRequest[] = [
  ...reads(salesV2, [...inBoth, ...inV2]),
  ...reads(salesV4, inBoth, inTermsOfV4),
  ...reads(salesV4, inV4),
  ...reads(productsV2, misread),
  ...reads(productsV4, misread, inTermsOfV4),
  ...reads("/sap/opu/odata/IWFND/CATALOGSERVICE;v=2", [catalogV2]),
  ...reads("/sap/opu/odata4/iwfnd/config/default/iwfnd/catalog/0002", [catalogV4]),
];
