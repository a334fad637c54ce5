import { parseManualServices } from "@sap-mcp/worker/odata/manual-services.ts";
import { parseHints } from "@sap-mcp/worker/odata/service-hints.ts";
import { discoverEntities } from "@sap-mcp/worker/sap/discover-entities.ts";
import { getSchema } from "@sap-mcp/worker/sap/get-schema.ts";
import { openSapSystem } from "@sap-mcp/worker/sap/open-sap-system.ts";
import { probeDestination } from "@sap-mcp/worker/sap/probe-destination.ts";
import { readMetadata } from "@sap-mcp/worker/sap/read-metadata.ts";
import { searchServices } from "@sap-mcp/worker/sap/search-services.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failureOf, makeCall, openSapBench, settings, valueOf } from "./sap-bench.ts";
import type { SapBench } from "./sap-bench.ts";

let bench: SapBench;

beforeEach(async () => {
  bench = await openSapBench();
});

afterEach(() => bench.close());

describe("searchServices", () => {
  it("finds services by words, the best first, and shows one that exists as V2 and V4 once", async () => {
    const found = valueOf(await searchServices(bench.sap, { query: "sales order", limit: 3 }, makeCall()));
    expect(found.services[0]).toEqual({
      id: "API_SALESORDER",
      title: "Sales Order",
      odataVersion: "V4",
      alternative: "API_SALES_ORDER_SRV",
    });
    expect(found.services.map(({ id }) => id)).not.toContain("API_SALES_ORDER_SRV");
    expect(found.total).toBeGreaterThan(3);
    expect(found.hasMore).toBe(true);
  });

  it("reads each catalog once, however many ask at the same time", async () => {
    await Promise.all(Array.from({ length: 20 }, () => searchServices(bench.sap, { limit: 5 }, makeCall())));
    expect(bench.sandbox.stats().requests).toBe(2);
  });

  it("goes on with one catalog when the other fails, and says so", async () => {
    bench.sandbox.addFault({ matching: "/odata4/", failStatus: 503, html: true });
    const found = valueOf(await searchServices(bench.sap, { query: "business partner", limit: 20 }, makeCall()));
    expect(found.services.map(({ id }) => id)).toContain("API_BUSINESS_PARTNER");
    expect(found.services.map(({ odataVersion }) => odataVersion)).not.toContain("V4");
    expect(found.warnings?.[0]).toMatch(/^The V4 catalog of services can't be read/);
  });

  it("fails when both catalogs fail", async () => {
    bench.sandbox.addFault({ failStatus: 503 });
    expect(failureOf(await searchServices(bench.sap, { limit: 20 }, makeCall()))).toMatchObject({
      kind: "sap-unavailable",
    });
  });

  it("shows only services that the patterns admit", async () => {
    const patterns = { includePatterns: ["API_SALES*"], excludePatterns: ["/SIMULATION/"], maxServices: 4 };
    const narrow = openSapSystem({ ...settings, ...patterns });
    const found = valueOf(await searchServices(narrow, { limit: 200 }, makeCall()));
    expect(found.total).toBe(4);
    expect(found.services.filter(({ id }) => !id.startsWith("API_SALES") || id.includes("SIMULATION"))).toEqual([]);
    expect(found.warnings?.[0]).toMatch(/^Only the first 4 services are looked at/);
    await narrow.close();
  });

  it("lets SAP search its catalog where it has more services than are looked at", async () => {
    const narrow = openSapSystem({ ...settings, maxServices: 3, excludePatterns: ["*QUOTATION*"] });
    const found = valueOf(await searchServices(narrow, { query: "equipment", limit: 5 }, makeCall()));
    expect(found.services.map(({ id }) => id)).toEqual(["API_EQUIPMENT"]);
    const excluded = valueOf(await searchServices(narrow, { query: "quotation", limit: 5 }, makeCall()));
    expect(excluded.services).toEqual([]);
    const named = await discoverEntities(narrow, { serviceId: "API_SALES_ORDER_SRV", limit: 5 }, makeCall());
    expect(valueOf(named).total).toBe(3);
    await narrow.close();
  });

  it("knows services that were listed by hand where the system has no catalog", async () => {
    bench.sandbox.addFault({ matching: "CATALOGSERVICE", failStatus: 404 });
    bench.sandbox.addFault({ matching: "/iwfnd/", failStatus: 404 });
    const manualServices = parseManualServices("/sap/opu/odata/sap/API_SALES_ORDER_SRV/");
    if (typeof manualServices === "string") throw new Error(manualServices);
    const alone = openSapSystem({ ...settings, manualServices });
    const found = valueOf(await searchServices(alone, { limit: 5 }, makeCall()));
    expect(found).toMatchObject({ services: [{ id: "API_SALES_ORDER_SRV", odataVersion: "V2" }], total: 1 });
    expect(found.warnings).toBeUndefined();
    const input = { serviceId: "API_SALES_ORDER_SRV", limit: 5 };
    expect(valueOf(await discoverEntities(alone, input, makeCall())).total).toBe(3);
    await alone.close();
  });
});

describe("discoverEntities and getSchema", () => {
  it.each([
    ["API_SALES_ORDER_SRV", "A_SalesOrderItem", "to_SalesOrder", "A_SalesOrder"],
    ["API_SALESORDER", "SalesOrderItem", "_SalesOrder", "SalesOrder"],
  ])("show the sets of %s, their keys and where they lead", async (serviceId, entityName, navigation, target) => {
    const found = valueOf(await discoverEntities(bench.sap, { serviceId, query: "item", limit: 10 }, makeCall()));
    expect(found.entitySets).toEqual([
      { name: entityName, label: "Sales Order Item", keys: ["SalesOrder", "SalesOrderItem"], operations: "crud" },
    ]);
    const schema = valueOf(await getSchema(bench.sap, { serviceId, entityName }, makeCall()));
    expect(schema.fields.find(({ name }) => name === "NetAmount")).toMatchObject({ type: "Edm.Decimal" });
    expect(schema.navigations.find(({ name }) => name === navigation)).toMatchObject({
      entitySet: target,
      many: false,
    });
  });

  it("read $metadata once for fifty calls at the same time", async () => {
    const input = { serviceId: "API_SALES_ORDER_SRV", limit: 10 };
    const found = await Promise.all(Array.from({ length: 50 }, () => discoverEntities(bench.sap, input, makeCall())));
    expect(found.every(({ ok }) => ok)).toBe(true);
    expect(bench.sandbox.stats().byPath["GET /sap/opu/odata/sap/API_SALES_ORDER_SRV/$metadata"]).toBe(1);
  });

  it("name what is nearest to an unknown destination, service or entity set", async () => {
    const input = { serviceId: "API_SALES_ORDER_SRV", entityName: "A_SalesOrder", limit: 10 };
    expect(failureOf(await discoverEntities(bench.sap, { ...input, destination: "S5" }, makeCall()))).toMatchObject({
      kind: "unknown-destination",
      guidance: expect.stringContaining("S4") as string,
    });
    expect(
      failureOf(await discoverEntities(bench.sap, { ...input, serviceId: "SALES_ORDER_SRV" }, makeCall())),
    ).toMatchObject({
      kind: "unknown-service",
      guidance: expect.stringContaining("API_SALES_ORDER_SRV") as string,
    });
    expect(
      failureOf(await getSchema(bench.sap, { ...input, entityName: "A_SalesOrderType" }, makeCall())),
    ).toMatchObject({
      kind: "unknown-entity-set",
      guidance: expect.stringContaining("A_SalesOrderType is a type; its entity set is A_SalesOrder.") as string,
    });
    expect(failureOf(await getSchema(bench.sap, { ...input, entityName: "SalesOrders" }, makeCall()))).toMatchObject({
      guidance: expect.stringMatching(/Nearest: A_SalesOrder[,.]/) as string,
    });
  });

  it("say what codes mean, which fields have units, and what can be called", async () => {
    const v4 = { serviceId: "API_SALESORDER", entityName: "SalesOrder" };
    const schema = valueOf(await getSchema(bench.sap, v4, makeCall()));
    const field = (sought: string) => schema.fields.find(({ name }) => name === sought);
    expect(field("OverallSDProcessStatus")?.about).toMatch(/A = Not yet processed/);
    expect(field("TotalNetAmount")).toMatchObject({ unit: "TransactionCurrency", not: ["creatable", "updatable"] });
    expect(field("SoldToParty")).toMatchObject({ required: true, not: ["updatable"], format: "UpperCase" });
    expect(schema.apply).toContain("groupby");
    expect(schema.functions).toContainEqual({
      name: "CancelSalesOrder",
      kind: "action",
      on: "entity",
      parameters: ["SalesDocumentRjcnReason: String(2)"],
      returns: "SalesOrder",
    });
    const found = valueOf(await discoverEntities(bench.sap, { ...v4, limit: 1, query: "total" }, makeCall()));
    expect(found.functions?.[0]).toMatchObject({ name: "GetOrderTotal", kind: "function", returns: "OrderTotal" });
    const bound = valueOf(await discoverEntities(bench.sap, { ...v4, limit: 1, query: "open items" }, makeCall()));
    expect(bound.functions).toEqual([expect.objectContaining({ name: "GetOpenItems", entityName: "SalesOrder" })]);
    const unknown = valueOf(await discoverEntities(bench.sap, { ...v4, limit: 1, query: "Salesorderr" }, makeCall()));
    expect(unknown).toMatchObject({ total: 0, nearest: expect.arrayContaining(["SalesOrder"]) as string[] });
  });

  it("say how a draft is made and activated", async () => {
    const input = { serviceId: "UI_SALESPROMOTION", entityName: "Promotion" };
    expect(valueOf(await discoverEntities(bench.sap, { ...input, limit: 5 }, makeCall())).entitySets[0]?.draft).toBe(
      true,
    );
    const { draft } = valueOf(await getSchema(bench.sap, input, makeCall()));
    expect(draft).toMatch(/create makes a draft .*call-sap-function Activate/);
  });

  it("bound a large schema, say what is left out and search in it", async () => {
    const input = { serviceId: "API_SALES_ORDER_SRV", entityName: "A_SalesOrder" };
    const first = valueOf(await getSchema(bench.sap, { ...input, limit: 3 }, makeCall()));
    expect(first).toMatchObject({ totalFields: 25, hasMore: true });
    expect(first.fields).toHaveLength(3);
    const found = valueOf(await getSchema(bench.sap, { ...input, query: "delivery date" }, makeCall()));
    expect(found.fields.map(({ name }) => name)).toEqual(["RequestedDeliveryDate"]);
    expect(found.hasMore).toBeUndefined();
  });

  it("show the notes of this site", async () => {
    const hints = parseHints(
      JSON.stringify([
        { pattern: "*/API_SALES_ORDER_SRV", note: "Rejected orders stay in the list." },
        { pattern: "API_SALES*", entitySet: "A_SalesOrderItem", note: "Texts are in the product service." },
        { pattern: "API_PRODUCT*", note: "never shown" },
      ]),
    );
    if (typeof hints === "string") throw new Error(hints);
    const noted = openSapSystem({ ...settings, hints });
    const input = { serviceId: "API_SALES_ORDER_SRV", limit: 5 };
    expect(valueOf(await discoverEntities(noted, input, makeCall())).hints).toEqual([
      "Rejected orders stay in the list.",
      "A_SalesOrderItem: Texts are in the product service.",
    ]);
    const schema = await getSchema(noted, { ...input, entityName: "A_SalesOrder" }, makeCall());
    expect(valueOf(schema).hints).toEqual(["Rejected orders stay in the list."]);
    await noted.close();
  });
});

describe("readMetadata", () => {
  it("brings the document as SAP serves it", async () => {
    const { xml } = valueOf(await readMetadata(bench.sap, { serviceId: "API_PRODUCT" }, makeCall()));
    expect(xml).toMatch(/^<\?xml.*<edmx:Edmx Version="4.0/s);
  });
});

describe("probeDestination", () => {
  it("calls a system reachable that answers at all, and names what is wrong with another", async () => {
    bench.sandbox.addFault({ failStatus: 403, times: 1 });
    expect(valueOf(await probeDestination("S4", AbortSignal.timeout(5_000)))).toMatchObject({ status: 403 });
    bench.sandbox.addFault({ failStatus: 503 });
    expect(failureOf(await probeDestination("S4", AbortSignal.timeout(5_000))).kind).toBe("sap-unavailable");
    expect(failureOf(await probeDestination("S5", AbortSignal.timeout(5_000))).kind).toBe("unknown-destination");
  });

  it("gives up a system that hangs when the signal says so", async () => {
    bench.sandbox.addFault({ hang: true });
    expect(failureOf(await probeDestination("S4", AbortSignal.timeout(200))).kind).toBe("deadline");
  });
});
