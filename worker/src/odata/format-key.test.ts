import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { customersV4, itemsV2, modelV2, modelV4, ordersV2, ordersV4 } from "./fixtures/sample-models.ts";
import { formatEntityPath, splitKey } from "./format-key.ts";

describe("formatEntityPath", () => {
  it("doubles quotes and then percent-encodes", () => {
    expect(formatEntityPath(modelV2, ordersV2, { OrderId: "O'Neil" })).toEqual({
      ok: true,
      value: "Orders('O''Neil')",
    });
    expect(formatEntityPath(modelV2, ordersV2, { OrderId: "50%/a?b#c&d+Ä" })).toEqual({
      ok: true,
      value: "Orders('50%25%2Fa%3Fb%23c%26d%2B%C3%84')",
    });
  });

  it("names the parts of a compound key in the order of the service", () => {
    expect(formatEntityPath(modelV2, itemsV2, { ValidFrom: "2026-01-31", OrderId: "1", Position: 10 })).toEqual({
      ok: true,
      value: "Items(OrderId='1',Position=10,ValidFrom=datetime'2026-01-31T00%3A00%3A00')",
    });
    expect(formatEntityPath(modelV4, ordersV4, { id: "9007199254740993", day: "2026-01-31" })).toEqual({
      ok: true,
      value: "Orders(id=9007199254740993,day=2026-01-31)",
    });
  });

  it("says which parts of the key are missing and of which type all of them are", () => {
    expect(formatEntityPath(modelV2, itemsV2, { OrderId: "1" })).toMatchObject({
      failure: {
        kind: "invalid-input",
        message: expect.stringContaining("Position, ValidFrom") as string,
        guidance: expect.stringContaining("ValidFrom (Edm.DateTime)") as string,
      },
    });
  });

  it("names the key that is nearest to one that does not exist", () => {
    expect(formatEntityPath(modelV2, ordersV2, { orderid: "1" })).toMatchObject({
      failure: { kind: "unknown-property", guidance: expect.stringContaining("OrderId") as string },
    });
  });

  it("keeps every string within its quotes and its path segment", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const path = formatEntityPath(modelV2, ordersV2, { OrderId: text });
        if (!path.ok) throw new Error(path.failure.message);
        const url = new URL(`http://sap.invalid/service/${path.value}`);
        expect(url.search + url.hash).toBe("");
        const segments = url.pathname.split("/");
        expect(segments.length).toBe(3);
        const literal = /^Orders\('(.*)'\)$/s.exec(decodeURIComponent(segments[2] ?? ""))?.[1];
        expect(literal).toMatch(/^(?:[^']|'')*$/s);
        expect(literal?.replaceAll("''", "'")).toBe(text);
      }),
    );
  });
});

describe("splitKey", () => {
  it("tells key fields from the fields to write", () => {
    expect(splitKey(customersV4, { ID: "x", name: "n", ["__proto__"]: 1 })).toEqual({
      keys: { ID: "x" },
      rest: { name: "n", ["__proto__"]: 1 },
    });
  });
});
