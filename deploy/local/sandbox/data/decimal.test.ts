import { expect, test } from "vitest";
import { addDecimals, compareDecimals, divideDecimal, multiplyDecimals } from "./decimal.ts";

test.each([
  ["0.1", "0.2", "0.3"],
  ["99999999999999.99", "0.01", "100000000000000.00"],
  ["-1.5", "1.25", "-0.25"],
  ["0", "-0.05", "-0.05"],
])("%s + %s is exactly %s", (left, right, sum) => {
  expect(addDecimals(left, right)).toBe(sum);
});

test.each([
  ["1.005", "1", 2, "1.01"],
  ["-1.005", "1", 2, "-1.01"],
  ["4532.85", "153.000", 2, "693526.05"],
  ["3", "2", 2, "6.00"],
])("%s × %s with %i decimals is %s", (left, right, scale, product) => {
  expect(multiplyDecimals(left, right, scale)).toBe(product);
});

test("decimals that a double cannot tell apart are told apart", () => {
  expect(compareDecimals("9007199254740993.001", "9007199254740993.002")).toBeLessThan(0);
  expect(compareDecimals("-9007199254740993.1", "9007199254740993")).toBeLessThan(0);
  expect(compareDecimals("1.50", "1.5")).toBe(0);
});

test("a third is rounded at the last place asked for", () => {
  expect(divideDecimal("1.00", 3, 6)).toBe("0.333333");
  expect(divideDecimal("2.00", 3, 6)).toBe("0.666667");
});
