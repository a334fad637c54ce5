import { describe, expect, it } from "vitest";
import { parseManualServices } from "./manual-services.ts";

describe("parseManualServices", () => {
  it("takes paths with commas for the default destination", () => {
    const services = parseManualServices("/sap/opu/odata/sap/API_X/, /sap/opu/odata4/sap/api_y/srvd_a2x/sap/y/0001");
    expect(services).toEqual(
      new Map([
        [
          "",
          [
            {
              technicalName: "API_X",
              version: 1,
              title: "API_X",
              odataVersion: "V2",
              path: "/sap/opu/odata/sap/API_X",
            },
            {
              technicalName: "y",
              version: 1,
              title: "y",
              odataVersion: "V4",
              path: "/sap/opu/odata4/sap/api_y/srvd_a2x/sap/y/0001",
            },
          ],
        ],
      ]),
    );
  });

  it("takes services with names by destination", () => {
    const given = { S4: [{ path: "/odata/orders", id: "ORDERS", title: "Orders", odataVersion: "V4" }], QA: ["/x"] };
    const services = parseManualServices(JSON.stringify(given));
    if (typeof services === "string") throw new Error(services);
    expect([...services.keys()]).toEqual(["S4", "QA"]);
    expect(services.get("S4")?.[0]).toMatchObject({ technicalName: "ORDERS", title: "Orders", odataVersion: "V4" });
  });

  it.each([
    ["sap/opu", /begins with a slash/],
    ["[1]", /must be paths/],
    ["{broken", /must be paths/],
    ['[{"path":"/x","odataVersion":"V3"}]', /must be paths/],
  ])("says what is wrong with %j", (text, complaint) => {
    expect(parseManualServices(text)).toMatch(complaint);
  });
});
