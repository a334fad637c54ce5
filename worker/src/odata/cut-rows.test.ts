import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutRows, writeRows } from "./cut-rows.ts";

describe("cutRows", () => {
  it("loses no row, keeps their order, and no page of several rows is too long", () => {
    const rows = fc.array(fc.record({ a: fc.string(), b: fc.integer() }), { maxLength: 40 });
    fc.assert(
      fc.property(
        rows,
        fc.constantFrom("rows", "columns"),
        fc.integer({ min: 1, max: 300 }),
        (all, format, maxChars) => {
          const pages = cutRows(all, format, maxChars);
          expect(pages.flat()).toEqual(all);
          const lengthOf = (page: object[]) =>
            page.reduce(
              (sum: number, row) => sum + JSON.stringify(format === "rows" ? row : Object.values(row)).length + 1,
              0,
            );
          expect(pages.filter((page) => page.length > 1 && lengthOf(page) > maxChars)).toEqual([]);
        },
      ),
    );
  });
});

describe("writeRows", () => {
  it("names each field once in columns, and puts null where a row lacks it", () => {
    expect(
      writeRows(
        [
          { a: 1, b: "x" },
          { b: null, c: [2] },
        ],
        "columns",
      ),
    ).toEqual({
      columns: ["a", "b", "c"],
      data: [
        [1, "x", null],
        [null, null, [2]],
      ],
    });
  });
});
