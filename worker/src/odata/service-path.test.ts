import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pathOfLink } from "./service-path.ts";

const base = { destinationPath: "", requestPath: "/sap/service/Orders?$top=2" };

describe("pathOfLink", () => {
  it.each([
    ["http://other:8000/sap/service/Orders?$skiptoken='a b'", "/sap/service/Orders?$skiptoken=%27a%20b%27"],
    ["Orders?$skip=2", "/sap/service/Orders?$skip=2"],
    ["//evil.example/sap/x", "/sap/x"],
    ["http://h//evil.example/x", "/evil.example/x"],
    ["/sap/service/../../etc", "/etc"],
  ])("takes %s to %s", (link, path) => {
    expect(pathOfLink(link, base)).toBe(path);
  });

  it("takes the path of the destination off, where the link has it", () => {
    expect(pathOfLink("https://h/s4/sap/x", { ...base, destinationPath: "/s4" })).toBe("/sap/x");
    expect(pathOfLink("https://h/s4other/sap/x", { ...base, destinationPath: "/s4" })).toBe("/s4other/sap/x");
  });

  it("never leads to another host, whatever the link", () => {
    const links = fc.oneof(
      fc.webUrl({ withQueryParameters: true }),
      fc.string(),
      fc.string({ unit: fc.constantFrom("/", "\\", ":", "@", "http", "a", ".", "?", "\t") }),
    );
    fc.assert(
      fc.property(links, (link) => {
        const path = pathOfLink(link, base);
        expect(new URL(path ?? "/", "http://sap.invalid").host).toBe("sap.invalid");
      }),
      { numRuns: 1_000 },
    );
  });
});
