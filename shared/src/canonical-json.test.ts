import { expect, it } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

it("gives values that differ in the order of members alone the same text", () => {
  expect(canonicalJson({ b: [{ y: 1, x: null }], a: "1" })).toBe(canonicalJson({ a: "1", b: [{ x: null, y: 1 }] }));
});

it("tells apart values that differ in anything else", () => {
  const texts = [{ a: [1, 2] }, { a: [2, 1] }, { a: ["1", 2] }, { a: { 0: 1, 1: 2 } }, {}].map(canonicalJson);
  expect(new Set(texts).size).toBe(texts.length);
});
