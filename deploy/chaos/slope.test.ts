import { expect, it } from "vitest";
import { slopeOf } from "./slope.ts";

it("finds the slope of a line through points that scatter evenly about it", () => {
  expect(
    slopeOf(
      [
        [0, 9],
        [1, 13],
        [2, 13],
        [3, 17],
      ].map(([x = 0, y = 0]) => [x, y] as const),
    ),
  ).toBeCloseTo(2.4);
});

it("calls a single point flat", () => {
  expect(slopeOf([[1, 5]])).toBe(0);
});
