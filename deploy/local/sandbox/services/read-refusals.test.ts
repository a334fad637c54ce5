import { afterAll, beforeAll, expect, test } from "vitest";
import { partnersV4, productsV2, salesV2, salesV4, startClient } from "../testing/sandbox-client.ts";
import type { SandboxClient } from "../testing/sandbox-client.ts";

let client: SandboxClient;
beforeAll(async () => {
  client = await startClient();
});
afterAll(() => client[Symbol.asyncDispose]());

const refused: readonly (readonly [path: string, status: number, message: string])[] = [
  [`${salesV2}/Nope`, 404, "Resource not found for the segment 'Nope'"],
  [`${salesV2}/A_SalesOrder('0')`, 404, "Resource not found for segment 'A_SalesOrderType'"],
  [`${salesV2}/A_SalesOrder(1)`, 400, "Invalid value '1' for property 'SalesOrder'"],
  [`${salesV2}/A_SalesOrderItem('1')`, 400, "the key is SalesOrder, SalesOrderItem"],
  [`${salesV2}/A_SalesOrder('1')/to_Nope`, 404, "Resource not found for the segment 'to_Nope'"],
  [`${salesV2}/A_SalesOrder('1'x)`, 400, "Invalid key predicate"],
  [`${productsV2}/A_Product('A/B-SET')`, 400, "Invalid key predicate"],
  [`${productsV2}/A_Product('50%-MIX')`, 400, "Malformed percent encoding"],
  [`${salesV2}/A_SalesOrder?$filter=SalesOrder+eq+'1'`, 400, "Invalid character '+'"],
  [`${salesV2}/A_SalesOrder?$select=Nope`, 400, "Property 'Nope' not found"],
  [`${salesV2}/A_SalesOrder?$expand=to_Nope`, 400, "Navigation property 'to_Nope' not found"],
  [`${salesV2}/A_SalesOrder?$orderby=Nope`, 400, "Property 'Nope' not found"],
  [`${salesV2}/A_SalesOrder?$top=x`, 400, "Invalid value 'x' for query option $top"],
  [`${salesV2}/A_SalesOrder?$count=true`, 400, "'$count' is not supported"],
  [`${salesV2}/A_SalesOrder?$top=1&$top=2`, 400, "more than once"],
  [`${salesV4}/Nope`, 404, "Resource not found for the segment 'Nope'"],
  [`${salesV4}/SalesOrder('0')`, 404, "It does not exist"],
  [`${salesV4}/SalesOrder?$inlinecount=allpages`, 400, "'$inlinecount' is not supported"],
  [`${salesV4}/SalesOrder?$expand=_Item($nope=1)`, 400, "is not supported in $expand"],
  [`${salesV4}/SalesOrder?$expand=_Item($select=Nope)`, 400, "Property 'Nope' not found"],
  [`${partnersV4}/BusinessPartner?$apply=aggregate($count%20as%20N)`, 400, "'$apply' is not supported"],
  [`${salesV4}/SalesOrder?$apply=aggregate(SoldToParty%20with%20sum%20as%20N)`, 400, "cannot be aggregated with sum"],
];

test.each(refused)("%s is refused with %i", async (path, status, message) => {
  const answer = await client.get(path);
  expect(answer.status).toBe(status);
  const isV2 = path.includes("/odata/");
  expect(answer.at(isV2 ? "error/message/value" : "error/message")).toContain(message);
});

test("V2 answers in Atom unless JSON is asked for", async () => {
  const entry = await client.get(`${salesV2}/A_SalesOrder('1')?$expand=to_Item`, { accept: "*/*" });
  expect(entry.headers.get("content-type")).toContain("application/atom+xml");
  expect(entry.text).toContain("<d:SalesOrderDate>2021-09-27T00:00:00</d:SalesOrderDate>");
  expect(entry.text).toContain("<m:inline><feed><entry");
  const feed = await client.get(`${salesV2}/A_SalesOrder?$top=2&$inlinecount=allpages`, { accept: "*/*" });
  expect(feed.text).toMatch(/<feed [^>]*>.*<m:count>5000<\/m:count>.*<entry m:etag="W\/&quot;/);
  const property = await client.get(`${salesV2}/A_SalesOrder('1')/SalesOrderDate`, { accept: "*/*" });
  expect(property.text).toMatch(/^<\?xml .*<SalesOrderDate xmlns=[^>]*>2021-09-27T00:00:00<\/SalesOrderDate>$/);
  const json = await client.get(`${salesV2}/A_SalesOrder('1')?$format=json`, { accept: "*/*" });
  expect(json.at("d/SalesOrder")).toBe("1");
});
