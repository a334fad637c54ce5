import { describe, expect, it } from "vitest";
import { nearestNames, suggestNames } from "./suggest-names.ts";

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

describe("nearestNames", () => {
  const names = [
    "SalesOrder",
    "SoldToParty",
    "TotalNetAmount",
    "TransactionCurrency",
    "OverallSDProcessStatus",
    "Plant",
  ];

  it.each([
    ["SalesOrdr", "Nearest: SalesOrder. See."],
    ["CustomerStatus", "Nearest: OverallSDProcessStatus. See."],
    ["GrossAmount", "Nearest: TotalNetAmount. See."],
    ["Colour", "No name is near. See."],
    ["to_by", "No name is near. See."],
    ["", "No name is near. See."],
  ])("suggests for %j only what is near it or shares a word with it", (wrong, sentence) => {
    expect(nearestNames(wrong, names, "See.")).toBe(sentence);
  });

  it("lists all names where there are only a few", () => {
    expect(nearestNames("Colour", ["ERP", "CRM"], "See.")).toBe("There are: ERP, CRM. See.");
    expect(nearestNames("Colour", [], "See.")).toBe("See.");
  });
});
