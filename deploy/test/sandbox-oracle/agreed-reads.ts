import { productsV2, productsV4, salesV2, salesV4 } from "../../local/sandbox/testing/sandbox-client.ts";
import { inTermsOfV4, keyOf, request } from "./compared-request.ts";
import type { ComparedRequest } from "./compared-request.ts";

/** What V2 and V4 have in common, in the terms of V2. */
const inBoth = [
  "A_SalesOrder('2')",
  "A_SalesOrder('0')",
  "A_SalesOrderItem(SalesOrderItem='10',SalesOrder='2')",
  "A_SalesOrderItem(SalesOrder='2',SalesOrderItem='10')/to_SalesOrder",
  "A_SalesOrder(SalesOrder='2')/to_Item",
  "A_SalesOrder('2')/to_Item/$count",
  "A_SalesOrder('2')/to_Item(SalesOrder='2',SalesOrderItem='10')/to_SalesOrder",
  "A_SalesOrder('2')/to_Item?$filter=RequestedQuantity gt 50&$orderby=NetAmount desc&$top=1",
  "A_SalesOrder/$count?$filter=TransactionCurrency eq 'EUR'",
  "A_SalesOrder?$filter=TransactionCurrency eq 'EUR'",
  "A_SalesOrder?$filter=TransactionCurrency ne 'EUR'",
  "A_SalesOrder?$filter=SalesOrder gt '5'",
  "A_SalesOrder?$filter=SalesOrder ge '5'",
  "A_SalesOrder?$filter=SalesOrder lt '5'",
  "A_SalesOrder?$filter=SalesOrder le '5'",
  "A_SalesOrder?$filter=TotalNetAmount gt 1000000.5",
  "A_SalesOrder?$filter=TotalNetAmount eq 813620.07",
  "A_SalesOrder?$filter=CompleteDeliveryIsDefined",
  "A_SalesOrder?$filter=CompleteDeliveryIsDefined eq false",
  "A_SalesOrder?$filter=TransactionCurrency eq 'EUR' or TransactionCurrency eq 'USD' and TotalNetAmount gt 100000",
  "A_SalesOrder?$filter=TotalNetAmount gt 100000 and TransactionCurrency eq 'EUR' or TransactionCurrency eq 'USD'",
  "A_SalesOrder?$filter=(TransactionCurrency eq 'EUR' or TransactionCurrency eq 'USD') and TotalNetAmount gt 100000",
  "A_SalesOrder?$filter=not (TransactionCurrency eq 'EUR' and TotalNetAmount gt 100000)",
  "A_SalesOrder?$filter=not startswith(TransactionCurrency,'E')",
  "A_SalesOrder?$filter=startswith(PurchaseOrderByCustomer,'50% & more')",
  "A_SalesOrder?$filter=endswith(PurchaseOrderByCustomer,'01')",
  "A_SalesOrder?$filter=startswith(tolower(PurchaseOrderByCustomer),'größe #')",
  "A_SalesOrder?$filter=startswith(toupper(PurchaseOrderByCustomer),'BESTELL')",
  "A_SalesOrder?$filter=length(PurchaseOrderByCustomer) gt 8 and trim(TransactionCurrency) eq 'EUR'",
  "A_SalesOrderItem?$filter=to_SalesOrder/TransactionCurrency eq 'EUR'",
  "A_SalesOrder?$select=SalesOrder,TotalNetAmount,SalesOrderDate,CreationTime,SalesOrderUUID",
  "A_SalesOrder?$expand=to_Item,to_ChangeDocument",
  "A_SalesOrderItem(SalesOrder='2',SalesOrderItem='10')?$select=SalesOrder,SalesOrderItem,to_SalesOrder&$expand=to_SalesOrder",
  "A_SalesOrder?$orderby=TransactionCurrency,TotalNetAmount desc",
  "A_SalesOrderItem?$orderby=to_SalesOrder/SalesOrderDate desc,SalesOrder,SalesOrderItem asc",
  "A_SalesOrder?$orderby=SalesOrder&$top=7&$skip=5",
  "A_SalesOrder?$inlinecount=allpages&$orderby=SalesOrder&$skip=75",
  "A_SalesOrder?$inlinecount=allpages&$filter=TransactionCurrency eq 'EUR'&$orderby=SalesOrder desc&$top=3",
];

const inV2 = [
  "A_SalesOrder?$filter=SalesOrderDate ge datetime'2021-10-05T00:00:00'",
  "A_SalesOrder?$filter=SalesOrderDate eq datetime'2021-10-05T00:00:00'",
  "A_SalesOrder?$filter=SalesOrderInternalID gt 9007199254742030L",
  "A_SalesOrder?$filter=SalesOrderUUID eq guid'4f762db6-f964-4a39-ab8c-02f8e09a4bb7'",
  "A_SalesOrder?$filter=substringof('Bestell',PurchaseOrderByCustomer)",
  "A_SalesOrder?$filter=substringof('Größe #',PurchaseOrderByCustomer) eq true",
  "A_SalesOrderItem?$expand=to_SalesOrder/to_ChangeDocument",
  "A_SalesOrder?search=PO",
  "?$format=json",
];

const inV4 = [
  "SalesOrder('2')/TotalNetAmount",
  "SalesOrder('2')/_SoldToParty/BusinessPartnerFullName",
  "SalesOrder?$filter=SalesOrderDate lt 2021-10-05",
  "SalesOrder?$filter=LastChangeDateTime ge 2021-10-05T00:00:00Z",
  "SalesOrder?$filter=SalesOrderInternalID gt 9007199254742030",
  "SalesOrder?$filter=SalesOrderUUID eq 4f762db6-f964-4a39-ab8c-02f8e09a4bb7",
  "SalesOrder?$filter=TransactionCurrency in ('EUR','USD')",
  "SalesOrder?$filter=not contains(PurchaseOrderByCustomer,'50% & more')",
  "SalesOrder?$filter=_SoldToParty/BusinessPartnerCategory eq '2'",
  "SalesOrder?$filter=_Item/any(i:i/RequestedQuantity gt 50 and i/MaterialGroup eq 'L001')",
  "SalesOrder?$filter=_Item/any(i:startswith(i/Material,'SEMI;'))",
  "SalesOrder?$filter=_Item/all(i:i/RequestedQuantity gt 20)",
  "SalesOrder('2')?$expand=_Item($filter=RequestedQuantity gt 50;$orderby=NetAmount;$select=SalesOrder,SalesOrderItem)",
  "SalesOrder('2')?$select=SalesOrder&$expand=_Item($expand=_SalesOrder($select=SalesOrder))",
  "SalesOrder?$orderby=_SoldToParty/BusinessPartnerFullName desc,SalesOrder",
  "SalesOrder?$search=Bestellung",
  "SalesOrder?$apply=groupby((TransactionCurrency),aggregate($count as Orders))",
  "SalesOrder?$apply=groupby((TransactionCurrency,SalesOrganization),aggregate(TotalNetAmount with max as Highest))",
  "SalesOrder?$apply=filter(SalesOrganization eq '1010')/groupby((TransactionCurrency))",
];

/** Nothing in these keys is to be doubled, or is another key when it is decoded twice. */
const plainKeys = [
  "A/B-SET",
  "KIT#1",
  "NUT&BOLT",
  "TYPE-A+",
  "ÄPFEL-ÖL",
  "Q?X=1",
  "SEMI;COLON",
  "COMMA,DOT.",
  "(PAREN)",
];

function reads(root: string, paths: readonly string[]): ComparedRequest[] {
  return paths.map((path) => request(root, path));
}

/** Reads that the oracle answers rightly. */
export const agreedReads: readonly ComparedRequest[] = [
  ...reads(salesV2, [...inBoth, ...inV2]),
  ...reads(salesV4, [...inBoth.map(inTermsOfV4), ...inV4]),
  ...reads(
    productsV2,
    plainKeys.map((key) => `A_Product${keyOf(key)}/to_Description`),
  ),
  ...reads(
    productsV4,
    plainKeys.map((key) => `Product${keyOf(key)}`),
  ),
];
