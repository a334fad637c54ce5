import { describe, expect, it } from "vitest";
import { parseServicePattern } from "./service-pattern.ts";

describe("parseServicePattern", () => {
  it.each([
    ["API_*", "API_BUSINESS_PARTNER", true],
    ["API_*", "ZAPI_X", false],
    ["api_?", "API_X", true],
    ["A.B", "AxB", false],
    ["/IWBEP/*", "/IWBEP/GWSAMPLE", true],
    ["/^Z.*_SRV$/", "ZORDER_SRV", true],
    ["/^z.*_srv$/", "ZORDER_SRV", false],
    ["/^z.*_srv$/i", "ZORDER_SRV", true],
    ["*", "", true],
  ])("%s on %s: %s", (pattern, name, matches) => {
    const parsed = parseServicePattern(pattern);
    expect(typeof parsed === "string" ? parsed : parsed.test(name)).toBe(matches);
  });

  it("answers the same on a second use of a pattern with the flag g", () => {
    const parsed = parseServicePattern("/A/g") as RegExp;
    expect([parsed.test("A"), parsed.test("A")]).toEqual([true, true]);
  });

  it("says what is wrong with a regular expression", () => {
    expect(parseServicePattern("/(/")).toContain("is no regular expression");
  });
});
