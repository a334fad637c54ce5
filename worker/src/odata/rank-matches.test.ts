import { describe, expect, it } from "vitest";
import { rankMatches } from "./rank-matches.ts";

const services = [
  { id: "ZMISC", title: "Orders and more" },
  { id: "API_SALES_ORDER_SRV", title: "Sales Order" },
  { id: "API_SALES_QUOTATION", title: "Quotation" },
  { id: "SALES", title: "Everything about sales" },
];

describe("rankMatches", () => {
  it.each([
    ["sales order", ["API_SALES_ORDER_SRV"]],
    ["sales", ["SALES", "API_SALES_ORDER_SRV", "API_SALES_QUOTATION"]],
    ["order", ["API_SALES_ORDER_SRV", "ZMISC"]],
    ["quotation unicorns", ["API_SALES_QUOTATION"]],
    ["unicorns", []],
    ["orders", ["API_SALES_ORDER_SRV", "ZMISC"]],
    ["quotations", ["API_SALES_QUOTATION"]],
    ["api_sales_quotation", ["API_SALES_QUOTATION"]],
  ])("answers %j with %j", (query, ids) => {
    expect(rankMatches(services, query, (it) => [it.id, it.title]).map((it) => it.id)).toEqual(ids);
  });

  it("keeps all items in their order where nothing is asked", () => {
    expect(rankMatches(services, " ", (it) => [it.id])).toEqual(services);
  });
});
