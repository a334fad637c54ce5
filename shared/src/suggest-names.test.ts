import { describe, expect, it } from "vitest";
import { suggestNames } from "./suggest-names.ts";

describe("suggestNames", () => {
  it("puts the nearest name first, without regard to case", () => {
    expect(suggestNames("salesordr", ["Customers", "SalesOrders", "SalesOrder"])[0]).toBe("SalesOrder");
  });

  it("takes a name that contains the wrong one for near", () => {
    expect(suggestNames("Partner", ["Parameter", "A_BusinessPartnerAddress"])[0]).toBe("A_BusinessPartnerAddress");
  });

  it("names no more than asked for", () => {
    expect(suggestNames("x", ["a", "b", "c", "d", "e", "f", "g"])).toHaveLength(5);
  });
});
