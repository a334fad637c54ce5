import { describe, expect, it } from "vitest";
import { openSapSystem } from "./open-sap-system.ts";
import type { SapSettings } from "./open-sap-system.ts";

const settings: SapSettings = {
  destinations: ["S4"],
  allowWrites: false,
  includePatterns: ["API_*", "ZSPECIAL"],
  excludePatterns: ["/_TEST$/"],
  allowAll: false,
  maxServices: 100,
  pool: { min: 0, max: 5, idleTimeoutMs: 30_000, acquireTimeoutMs: 10_000 },
  catalogTtlMs: 60_000,
  metadataTtlMs: 60_000,
  maxAnswerBytes: 1_000_000,
  read: {
    maxPages: 50,
    maxRows: 1_000,
    maxBytes: 1_000_000,
    timeBudgetMs: 10_000,
    maxChars: 100_000,
    cursorTtlMs: 60_000,
  },
};

describe("openSapSystem", () => {
  it.each([
    [{}, "API_ORDERS", true],
    [{}, "ZSPECIAL", true],
    [{}, "ZOTHER", false],
    [{}, "API_ORDERS_TEST", false],
    [{ includePatterns: [] }, "ZOTHER", true],
    [{ includePatterns: [] }, "ZOTHER_TEST", false],
    [{ allowAll: true }, "ZOTHER_TEST", true],
  ])("with %j admits %s: %s", (own, name, admitted) => {
    expect(openSapSystem({ ...settings, ...own }).admits([name])).toBe(admitted);
  });

  it("refuses to open with a pattern that is none, and names it", () => {
    expect(() => openSapSystem({ ...settings, excludePatterns: ["/(/"] })).toThrow("/(/ is no regular expression");
  });
});
