import { expect, it } from "vitest";
import { fitRows } from "./fit-rows.ts";

it("cuts rows and simple values alike, and says so", () => {
  expect(fitRows(["abc", "def", "ghi"], 12)).toMatchObject({
    rows: ["abc", "def"],
    warning: expect.stringContaining("2 of 3") as string,
  });
  expect(fitRows([{ a: 1 }], 12)).toEqual({ rows: [{ a: 1 }], chars: 9, warning: undefined });
});
