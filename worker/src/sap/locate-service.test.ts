import { createLogger } from "@sap-mcp/shared/logger.ts";
import { afterEach, describe, expect, it, vi } from "vitest";
import { sampleV4 } from "../odata/fixtures/sample-metadata.ts";
import { catalogPaths } from "../odata/read-catalog.ts";
import { executeOperation } from "./execute-operation.ts";
import { openStandIn } from "./fixtures/open-stand-in.ts";
import type { StandIn } from "./fixtures/open-stand-in.ts";
import { getSchema } from "./get-schema.ts";
import { openSapSystem } from "./open-sap-system.ts";
import type { SapSystem } from "./open-sap-system.ts";
import { searchServices } from "./search-services.ts";

let standIn: StandIn;
let sap: SapSystem;

afterEach(async () => {
  await sap.close();
  await standIn.close();
  vi.unstubAllEnvs();
});

const customers = { serviceId: "CUSTOMERS", entityName: "Customers" };

describe("a service behind a destination", () => {
  it("is read again only when its ETag has changed", async () => {
    const etags = ["one", "one", "two"];
    await open({
      metadata: ({ headers }) => {
        const etag = etags.shift() ?? "";
        return headers["if-none-match"] === etag ? { status: 304 } : { headers: { etag }, body: sampleV4 };
      },
    });
    for (let at = 0; at < 3; at += 1) expect(await getSchema(sap, customers, makeCall())).toMatchObject({ ok: true });
    const asked = standIn.requests.filter(({ url }) => url?.endsWith("$metadata"));
    expect(asked.map(({ headers }) => headers["if-none-match"])).toEqual([undefined, "one", "one"]);
  });

  it("is reached below the path of the destination, with client, trace and correlation", async () => {
    await open({});
    await executeOperation(sap, { ...customers, operation: "read" }, makeCall());
    const read = standIn.requests.at(-1);
    expect(read?.url).toBe("/s4/odata4/customers/Customers?$top=100&$count=true");
    expect(read?.headers).toMatchObject({
      "sap-client": "100",
      traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
      "x-correlationid": "correlation-1",
      accept: expect.stringContaining("IEEE754Compatible=true") as string,
    });
  });

  it.each([
    ["below the destination's own path", "http://internal:8000/s4/odata4/customers/Customers?$skiptoken=2"],
    ["relative to the request", "Customers?$skiptoken=2"],
    ["on another host", "https://evil.example/odata4/customers/Customers?$skiptoken=2"],
  ])("has its next page read from the destination for a link %s", async (_where, link) => {
    const first = JSON.stringify({ value: [{ ID: "1" }], "@odata.nextLink": link });
    await open({ rows: ({ url }) => ({ body: url?.includes("skiptoken") ? '{"value":[{"ID":"2"}]}' : first }) });
    const page = await executeOperation(sap, { ...customers, operation: "read" }, makeCall());
    expect(page).toMatchObject({ value: { rows: [{ ID: "1" }, { ID: "2" }], hasMore: false } });
    expect(standIn.requests.at(-1)?.url).toBe("/s4/odata4/customers/Customers?$skiptoken=2");
  });

  it("can't lead a request out of the service by its links", async () => {
    await open({ rows: () => ({ body: '{"value":[],"@odata.nextLink":"/s4/odata4/customers/../../secret?a"}' }) });
    expect(await executeOperation(sap, { ...customers, operation: "read" }, makeCall())).toMatchObject({
      failure: { kind: "bad-answer" },
    });
    expect(standIn.requests.filter(({ url }) => url?.includes("secret"))).toEqual([]);
  });

  it("counts by itself where SAP does not count and sends fewer rows than asked for", async () => {
    await open({ rows: () => ({ body: '{"value":[{"ID":"1"}]}' }) });
    const page = await executeOperation(sap, { ...customers, operation: "read" }, makeCall());
    expect(page).toMatchObject({ value: { hasMore: false, total: 1, count: 1 } });
    const beyond = await executeOperation(
      sap,
      { ...customers, operation: "read", queryOptions: { $skip: 5, $top: 1 } },
      makeCall(),
    );
    expect(beyond).not.toHaveProperty("value.total");
  });
});

describe("a catalog", () => {
  it("whose pages lead round in a circle is read once", async () => {
    await open({ catalogV2: { d: { results: [], __next: catalogPaths.V2 } } });
    expect(await searchServices(sap, { limit: 10 }, makeCall())).toMatchObject({ value: { total: 1 } });
    expect(standIn.requests.filter(({ url }) => url?.includes("ServiceCollection"))).toHaveLength(1);
  });
});

type Answer = Parameters<typeof openStandIn>[0];

interface Parts {
  readonly metadata?: Answer;
  readonly rows?: Answer;
  readonly catalogV2?: unknown;
}

/** A system with one service, the V4 service CUSTOMERS. */
async function open({
  metadata = () => ({ body: sampleV4 }),
  rows = () => ({ body: '{"value":[]}' }),
  catalogV2 = { d: { results: [] } },
}: Parts): Promise<void> {
  const services = [{ ServiceId: "CUSTOMERS", ServiceUrl: "/s4/odata4/customers/" }];
  const catalogV4 = { value: [{ DefaultSystem: { Services: services } }] };
  standIn = await openStandIn((request) => {
    const url = request.url ?? "";
    if (url.includes("ServiceCollection")) return { body: JSON.stringify(catalogV2) };
    if (url.includes("ServiceGroups")) return { body: JSON.stringify(catalogV4) };
    return url === "/s4/odata4/customers/$metadata" ? metadata(request) : rows(request);
  });
  vi.stubEnv("destinations", JSON.stringify([{ name: "S4", url: `${standIn.url}/s4/`, sapClient: "100" }]));
  sap = openSapSystem({
    destinations: ["S4"],
    allowWrites: false,
    includePatterns: [],
    excludePatterns: [],
    allowAll: false,
    maxServices: 100,
    pool: { min: 0, max: 5, idleTimeoutMs: 30_000, acquireTimeoutMs: 10_000 },
    catalogTtlMs: 60_000,
    metadataTtlMs: 0,
    maxAnswerBytes: 1_000_000,
    read: {
      maxPages: 50,
      maxRows: 1_000,
      maxBytes: 1_000_000,
      timeBudgetMs: 10_000,
      maxChars: 100_000,
      cursorTtlMs: 60_000,
    },
  });
}

function makeCall() {
  return {
    caller: { tenant: "t", user: "u", scopes: [] },
    signal: AbortSignal.timeout(20_000),
    log: createLogger({ component: "test", level: "silent", instance: "0" }),
    correlationId: "correlation-1",
    traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
  };
}
