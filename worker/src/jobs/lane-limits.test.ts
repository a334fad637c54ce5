import { expect, it } from "vitest";
import { laneLimitsOf } from "./lane-limits.ts";

it.each([2, 3, 4, 5, 7, 8, 20, 101])(
  "gives both lanes a part of %i calls at once, and no more in all",
  (concurrency) => {
    const { read, write } = laneLimitsOf({ S4: { concurrency } }, "S4", true);
    expect(write.concurrency).toBeGreaterThanOrEqual(1);
    expect(read.concurrency).toBeGreaterThanOrEqual(1);
    expect((read.concurrency ?? 0) + (write.concurrency ?? 0)).toBe(concurrency);
  },
);

it.each([0.5, 1, 3, 10, 100, 333.3])("lets both lanes begin %d calls per second in all", (perSecond) => {
  const { read, write } = laneLimitsOf({ S4: { perSecond } }, "S4", true);
  const rates = [read, write].map(({ rate }) => (1_000 * (rate?.max ?? 0)) / (rate?.durationMs ?? 1));
  expect((rates[0] ?? 0) + (rates[1] ?? 0)).toBeCloseTo(perSecond, 0);
});

it("leaves everything to reads where nothing may be written", () => {
  expect(laneLimitsOf({ S4: { concurrency: 1 } }, "S4", false)).toEqual({ read: { concurrency: 1 }, write: {} });
});

it("takes the limits of * for a destination that is not named, and none without them", () => {
  const limits = { S4: { concurrency: 8 }, "*": { concurrency: 4 } };
  expect(laneLimitsOf(limits, "OTHER", true).read.concurrency).toBe(3);
  expect(laneLimitsOf(limits, "S4", true).read.concurrency).toBe(6);
  expect(laneLimitsOf({ S4: { concurrency: 8 } }, "OTHER", true)).toEqual({ read: {}, write: {} });
});
