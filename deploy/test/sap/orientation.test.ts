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
  it("finds V2 and V4 services by words, the best first", async () => {
    const found = valueOf(await searchServices(bench.sap, { query: "sales order", limit: 3 }, makeCall()));
    expect(found.services.slice(0, 2).map(({ id, odataVersion }) => [id, odataVersion])).toEqual([
      ["API_SALESORDER", "V4"],
      ["API_SALES_ORDER_SRV", "V2"],
    ]);
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
    expect(found.warnings?.[0]).toMatch(/^Only the first 4 of \d+ services/);
    await narrow.close();
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
    expect(schema.navigations).toContainEqual({ name: navigation, entitySet: target, many: false });
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
      guidance: expect.stringMatching(/Nearest: A_SalesOrder[,.]/) as string,
    });
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
