import { productsV2, productsV4, salesV2, salesV4 } from "../../local/sandbox/testing/sandbox-client.ts";
import { batch, inTermsOfV4, refused, request, wrong } from "./compared-request.ts";
import type { BatchOperation, ComparedRequest } from "./compared-request.ts";
import type { JsonRow } from "./read-answer.ts";

/** Keys of what these requests create. */
export const newKeys = ["NEW2-0", "NEW2-1", "NEW2-2", "NEW4-0", "NEW4-1", "NEW4-2", "90000002", "90000004"];

const anyState = { "if-match": "*" };
const plainText = { "content-type": "text/plain" };
const noToken = { status: 403, headers: { "x-csrf-token": "Required" }, text: /^CSRF token validation failed$/ };

/** In the sandbox both services show the same products, in the oracle each has its own: so each version changes others. */
function productRequests(version: 2 | 4): ComparedRequest[] {
  const isV2 = version === 2;
  const [root, set, toText] = isV2
    ? [productsV2, "A_Product", "to_Description"]
    : [productsV4, "Product", "_ProductDescription"];
  const [untold, fresh, old] = [`NEW${version}-0`, `NEW${version}-1`, `TG01${version}1`];
  const [UPDATE, batchStatus] = isV2 ? ["MERGE", 202] : ["PATCH", 200];
  const price = isV2 ? "99.90" : 99.9;
  const product = (Product: string) => ({ Product, ProductType: "HAWA", BaseUnit: "PC", StandardPrice: price });
  const text = (Language: string): BatchOperation => {
    return [`POST ${set}Description`, { Product: `TG01${version}2`, Language, ProductDescription: "Pompe d'eau" }];
  };
  const send = (method: string, key: string, details: Partial<ComparedRequest> = {}) => {
    return request(root, `${method} ${set}${key === "" ? "" : `('${key}')`}`, details);
  };
  const read = (key: string) => request(root, `${set}('${key}')?$select=Product,ProductGroup,StandardPrice`);
  const creates = (body: JsonRow, details: Partial<ComparedRequest> = {}) => send("POST", "", { body, ...details });
  const updates = (ProductGroup: string, details: Partial<ComparedRequest> = {}) => {
    return send(UPDATE, old, { body: { ProductGroup, StandardPrice: price }, ...details });
  };
  const of204 = (sent: ComparedRequest) => (isV2 ? wrong(sent, "answers 200", { status: 204, rows: [] }) : sent);
  const broken = batch(root, [[`GET ${set}('TG0002')`], [`GET ${set}('NEW-9')`], [`GET ${set}('TG0003')`]]);
  const linked = [
    [`POST ${set}`, product(`NEW${version}-2`)],
    [`POST $1/${toText}`, { Language: "EN", ProductDescription: "x" }],
  ] as const;
  const refusedIn = (message: RegExp, part: number) => ({ status: batchStatus, parts: [part], text: message });
  return [
    wrong(creates(product(untold), { withoutToken: true }), "asks for no CSRF token", noToken),
    wrong(read(untold), "executed what had no token", refused(404, /does not exist|not found/)),
    creates(product(fresh)),
    read(fresh),
    request(root, `POST ${set}('${fresh}')/${toText}`, { body: { Language: "FR", ProductDescription: "Pompe d'eau" } }),
    request(root, `${set}('${fresh}')?$expand=${toText}&$select=Product,ProductType,${toText}`),
    wrong(creates(product("TG0001")), "creates it again", refused(400, /already exists/)),
    wrong(creates({ ...product(untold), Nope: 1 }), "stores any property", refused(400, /'Nope' not found/)),
    wrong(creates({ ...product(untold), StandardPrice: "1,5" }), "stores any value", refused(400, /invalid value/)),
    wrong(send("POST", "", { body: "x", headers: plainText }), "answers 500", refused(415, /Unsupported media type/)),
    of204(updates("X1", { ifMatch: "current" })),
    read(old),
    updates("X2", { ifMatch: "stale" }),
    wrong(updates("X2"), "answers 412", refused(428, /requires a precondition/)),
    send(UPDATE, "NEW-9", { body: { ProductGroup: "X2" }, headers: anyState }),
    read(old),
    wrong(updates("X3", { headers: anyState }), "takes * for an ETag", { status: isV2 ? 204 : 200 }),
    of204(send("PUT", old, { body: { BaseUnit: "KG" }, ifMatch: "current" })),
    wrong(read(old), "merges what is PUT", { rows: [{ Product: old, ProductGroup: "", StandardPrice: 0 }] }),
    request(root, `DELETE ${set}Description(Product='${old}',Language='DE')`, { ifMatch: "current" }),
    request(root, `${set}('${old}')/${toText}`),
    wrong(send("DELETE", old, { ifMatch: "stale" }), "deletes another state", refused(412, /was already changed/)),
    wrong(send("DELETE", old), "deletes without If-Match", refused(428, /requires a precondition/)),
    send("DELETE", fresh, { headers: anyState }),
    read(fresh),
    wrong(send("DELETE", fresh, { headers: anyState }), "deletes nothing", refused(404, /does not exist|not found/)),
    batch(root, [[`GET ${set}('TG0002')`], [`GET ${set}?$filter=Product%20eq%20'NUT%26BOLT'&$select=Product`]]),
    isV2 ? broken : wrong(broken, "goes on after a failure", { parts: [200, 404] }),
    batch(root, [[text("IT"), text("ES")], [`GET ${set}('TG01${version}2')/${toText}`]]),
    wrong(batch(root, [[text("SV"), text("IT")]]), "executes half", refusedIn(/already exists/, 400)),
    wrong(request(root, `${set}Description(Product='TG01${version}2',Language='SV')`), "keeps half", { status: 404 }),
    wrong(batch(root, [linked]), "knows no content ids", { status: batchStatus, parts: [201, 201] }),
    wrong(batch(root, [[[`DELETE ${set}('TG0002')`]]]), "needs no If-Match", refusedIn(/requires a precondition/, 428)),
  ];
}

function orderRequests(version: 2 | 4): ComparedRequest[] {
  const isV2 = version === 2;
  const to = (line: string, body?: JsonRow) => {
    const [root, ours] = isV2 ? [salesV2, line] : [salesV4, inTermsOfV4(line)];
    return request(root, ours, body === undefined ? {} : { body });
  };
  const SalesOrder = `9000000${version}`;
  const order = { SalesOrder, SalesOrderType: "OR", SalesOrganization: "1010", SoldToParty: "10000001" };
  const item = { SalesOrderItem: "10", Material: "TG0002", RequestedQuantity: isV2 ? "3" : 3 };
  const rows = [{ SalesOrder, Material: "TG0002", RequestedQuantity: 3 }];
  const reason = { SalesDocumentRjcnReason: "60" };
  const cancel = isV2
    ? to(`POST CancelSalesOrder?SalesOrder='${SalesOrder}'&SalesDocumentRjcnReason='60'`)
    : to(`POST SalesOrder('${SalesOrder}')/SAP__self.CancelSalesOrder`, reason);
  return [
    to("POST A_SalesOrder", { ...order, [isV2 ? "to_Item" : "_Item"]: [item] }),
    to(`A_SalesOrder('${SalesOrder}')?$select=SalesOrder,SoldToParty,SalesOrderType`),
    wrong(to(`A_SalesOrder('${SalesOrder}')/to_Item?$select=SalesOrder,Material,RequestedQuantity`), "makes no items", {
      rows,
    }),
    wrong(
      to("POST A_SalesOrder", { ...order, SoldToParty: "1" }),
      "has no rules",
      refused(400, /Customer 1 does not exist/),
    ),
    wrong(
      to(`A_SalesOrder('${SalesOrder}')/RequestedDeliveryDate`),
      "makes up a date",
      isV2 ? { rows: [{}] } : { status: 204 },
    ),
    wrong(cancel, "does nothing", { text: /"OverallSDDocumentRejectionSts":"C"/ }),
  ];
}

const jsonBatch = {
  requests: [
    { id: "1", method: "GET", url: "Product('TG0002')?$select=Product,ProductType" },
    { id: "2", method: "GET", url: "ProductDescription/$count?$filter=Product%20eq%20'TG0002'" },
  ],
};

export const writeRequests: readonly ComparedRequest[] = [
  ...productRequests(2),
  ...productRequests(4),
  ...orderRequests(2),
  ...orderRequests(4),
  wrong(request(productsV4, "POST $batch", { body: jsonBatch }), "reads no relative URL", { parts: [200, 200] }),
];
