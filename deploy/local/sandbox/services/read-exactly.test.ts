import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seedDatabase } from "../data/seed-database.ts";
import { awkwardProducts } from "../data/seed-words.ts";
import { productsV2, productsV4, salesV2, salesV4, startClient, withQuery } from "../testing/sandbox-client.ts";
import type { SandboxClient } from "../testing/sandbox-client.ts";

let client: SandboxClient;
beforeAll(async () => {
  client = await startClient();
});
afterAll(() => client[Symbol.asyncDispose]());

const orders = seedDatabase().find(({ definition }) => definition.name === "salesOrder")?.rows ?? [];
const inEuro = orders.filter(({ values }) => values["TransactionCurrency"] === "EUR");

test.each(["V2", "V4"] as const)(
  "every product with an awkward number is found by its key and by a filter in %s",
  async (version) => {
    const set = version === "V2" ? `${productsV2}/A_Product` : `${productsV4}/Product`;
    const path = version === "V2" ? "d" : "";
    for (const product of awkwardProducts) {
      const literal = `'${product.replaceAll("'", "''")}'`;
      const byKey = await client.get(`${set}(${encodeURIComponent(literal)})`);
      expect(byKey.at([path, "Product"].filter(Boolean).join("/"))).toBe(product);
      const filtered = await client.get(withQuery(set, { $filter: `Product eq ${literal}` }));
      expect(filtered.at(version === "V2" ? "d/results/0/Product" : "value/0/Product")).toBe(product);
    }
  },
);

describe("numbers", () => {
  test("are digits in V4, and strings when the client cannot read them otherwise", async () => {
    const plain = await client.get(
      withQuery(`${salesV4}/SalesOrder('1')`, { $select: "SalesOrderInternalID,TotalNetAmount" }),
    );
    expect(plain.text).toContain('"TotalNetAmount":813620.07,"SalesOrderInternalID":9007199254741993');
    const exact = await client.get(`${salesV4}/SalesOrder('1')`, { accept: "application/json;IEEE754Compatible=true" });
    expect(exact.at("SalesOrderInternalID")).toBe("9007199254741993");
    expect(exact.headers.get("content-type")).toContain("IEEE754Compatible=true");
  });
});

describe("pages", () => {
  test.each([["V2"], ["V4"]])("of 1,000 rows are linked until all rows were read in %s", async (version) => {
    const isV2 = version === "V2";
    const filter = isV2 ? "TransactionCurrency eq 'EUR'" : "TransactionCurrency in ('EUR')";
    let next: string | undefined = withQuery(isV2 ? `${salesV2}/A_SalesOrder` : `${salesV4}/SalesOrder`, {
      $filter: filter,
      $select: "SalesOrder",
    });
    const seen = new Set<unknown>();
    let pages = 0;
    while (next !== undefined) {
      const answer = await client.get(next);
      for (const row of answer.at(isV2 ? "d/results" : "value") as Record<string, unknown>[])
        seen.add(row["SalesOrder"]);
      const link = answer.at(isV2 ? "d/__next" : "@odata.nextLink") as string | undefined;
      next = link === undefined ? undefined : isV2 ? link.slice(client.sandbox.url.length) : `${salesV4}/${link}`;
      pages++;
    }
    expect([seen.size, pages]).toEqual([inEuro.length, 2]);
  });

  test("end where $top ends", async () => {
    const first = await client.get(withQuery(`${salesV2}/A_SalesOrder`, { $top: 1_500, $select: "SalesOrder" }));
    const second = await client.get((first.at("d/__next") as string).slice(client.sandbox.url.length));
    expect([first.at("d/results/length"), second.at("d/results/length"), second.at("d/__next")]).toEqual([
      1_000,
      500,
      undefined,
    ]);
    const exact = await client.get(withQuery(`${salesV2}/A_SalesOrder`, { $top: 1_000, $select: "SalesOrder" }));
    expect(exact.at("d/__next")).toBeUndefined();
  });
});

test("counts are plain text", async () => {
  expect((await client.get(`${salesV2}/A_SalesOrder('1')/to_Item/$count`)).text).toBe("3");
  expect(
    (await client.get(withQuery(`${salesV4}/SalesOrder/$count`, { $filter: "TransactionCurrency eq 'EUR'" }))).text,
  ).toBe(String(inEuro.length));
});
