import { expect, it } from "vitest";
import { describeCuts } from "./describe-cuts.ts";

const items = { path: ["orders", "items"], top: 2, skip: 0 };
const row = (...lists: object[]) => ({ orders: lists });

it("counts the entities of which SAP has more than it sent, however deep they lie", () => {
  const rows = [
    row({ items: [1, 2], "items@count": 5 }, { items: [1, 2], "items@count": 2 }),
    row({ items: [], "items@count": 0 }),
    { orders: null },
  ];
  expect(describeCuts(rows, [items])).toEqual([expect.stringContaining("orders/items of 1 of 3 entities is cut")]);
});

it("takes a full list for one that may be cut where SAP does not count, and any that was skipped into", () => {
  const rows = [row({ items: [1, 2] }, { items: [1] })];
  expect(describeCuts(rows, [items])).toEqual([expect.stringContaining("of 1 of 2 entities may be cut")]);
  expect(describeCuts(rows, [{ ...items, top: 9, skip: 1 }])).toEqual([expect.stringContaining("of 2 of 2 entities")]);
});

it("has nothing to say of what is whole", () => {
  expect(describeCuts([row({ items: [1] })], [items])).toEqual([]);
  expect(describeCuts([], [items])).toEqual([]);
});
