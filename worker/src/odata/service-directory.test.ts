import { describe, expect, it } from "vitest";
import { readCatalogPage } from "./read-catalog.ts";
import type { ListedService } from "./read-catalog.ts";
import { findService, nameServices } from "./service-directory.ts";

describe("readCatalogPage", () => {
  it("reduces the URLs of the V2 catalog to paths below the destination, whatever their host", () => {
    const results = [
      {
        ID: "ZORDERS_0001",
        TechnicalServiceName: "ZORDERS",
        TechnicalServiceVersion: 1,
        Title: "Orders",
        Description: "Sales orders",
        ServiceUrl: "https://evil.example:443//sap/opu/odata/sap/ZORDERS/",
      },
      {
        ID: "ZPREFIXED_0002",
        TechnicalServiceName: "ZPREFIXED",
        TechnicalServiceVersion: "2",
        Title: "",
        Description: "",
        ServiceUrl: "http://h/s4/sap/opu/odata/sap/ZPREFIXED;v=0002?sap-client=100",
      },
      { ID: "BROKEN", TechnicalServiceName: "BROKEN", ServiceUrl: "javascript:alert(1)" },
    ];
    expect(readCatalogPage("V2", answer({ d: { results } }), "/s4")).toEqual({
      ok: true,
      value: {
        services: [
          {
            technicalName: "ZORDERS",
            version: 1,
            title: "Orders",
            description: "Sales orders",
            odataVersion: "V2",
            path: "/sap/opu/odata/sap/ZORDERS",
          },
          {
            technicalName: "ZPREFIXED",
            version: 2,
            title: "ZPREFIXED",
            odataVersion: "V2",
            path: "/sap/opu/odata/sap/ZPREFIXED;v=0002",
          },
        ],
      },
    });
  });

  it("finds the services in the groups of the V4 catalog", () => {
    const service = {
      ServiceId: "ZORDERS",
      ServiceVersion: "0001",
      Description: "Orders",
      ServiceUrl: "/sap/opu/odata4/sap/zg/srvd_a2x/sap/zorders/0001/",
    };
    const value = [
      { GroupId: "G", DefaultSystem: { Services: [service] } },
      { GroupId: "H", DefaultSystem: null },
    ];
    expect(readCatalogPage("V4", answer({ value, "@odata.nextLink": "ServiceGroups?$skiptoken=2" }), "")).toEqual({
      ok: true,
      value: {
        services: [
          {
            technicalName: "ZORDERS",
            version: 1,
            title: "Orders",
            odataVersion: "V4",
            path: "/sap/opu/odata4/sap/zg/srvd_a2x/sap/zorders/0001",
          },
        ],
        next: "ServiceGroups?$skiptoken=2",
      },
    });
  });

  it("refuses what is no catalog", () => {
    expect(readCatalogPage("V2", answer({ value: [] }), "")).toMatchObject({ failure: { kind: "bad-answer" } });
  });
});

describe("nameServices", () => {
  const v2 = [
    listed("V2", "ORDERS", "/v2/orders"),
    listed("V2", "ORDERS", "/v2/orders;v=2", 2),
    listed("V2", "ONLY2", "/v2/only2"),
  ];
  const v4 = [
    listed("V4", "ORDERS", "/v4/orders"),
    listed("V4", "ONLY4", "/v4/only4"),
    listed("V4", "TWICE", "/v4/a"),
    listed("V4", "TWICE", "/v4/b"),
  ];

  it("gives every service an id of its own and marks V4 only where V2 has the name", () => {
    expect(nameServices({ v2, v4 }).map(({ id }) => id)).toEqual([
      "ORDERS",
      "ORDERS;v=2",
      "ONLY2",
      "ORDERS:V4",
      "ONLY4",
      "/v4/a",
      "/v4/b",
    ]);
  });

  it("never lets an id mean another service because the V2 catalog is away", () => {
    const services = nameServices({ v2: undefined, v4 });
    expect(findService(services, "ORDERS")).toBeUndefined();
    expect(findService(services, "ORDERS:V4")?.path).toBe("/v4/orders");
  });

  it("finds a V4 service by the marked id at any time", () => {
    const services = nameServices({ v2, v4 });
    expect(findService(services, "ONLY4")?.path).toBe("/v4/only4");
    expect(findService(services, "ONLY4:V4")?.path).toBe("/v4/only4");
    expect(findService(services, "ONLY2:V4")).toBeUndefined();
  });
});

function listed(odataVersion: "V2" | "V4", technicalName: string, path: string, version = 1): ListedService {
  return { technicalName, version, title: technicalName, odataVersion, path };
}

function answer(body: unknown) {
  return { status: 200, headers: {}, body: JSON.stringify(body) };
}
