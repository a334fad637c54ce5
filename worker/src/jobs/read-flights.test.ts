import { succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { beforeEach, expect, it } from "vitest";
import { ReadFlights } from "./read-flights.ts";

let flights: ReadFlights;
let started: { readonly signal: AbortSignal; readonly end: (outcome: Outcome<Buffer>) => void }[];

beforeEach(() => {
  flights = new ReadFlights();
  started = [];
});

function share(key: string, call: { readonly signal?: AbortSignal; readonly queuedAt?: number } = {}) {
  const { signal = new AbortController().signal, queuedAt = Date.now() } = call;
  return flights.share({ key, queuedAt, signal }, (stop) => {
    const { promise, resolve } = Promise.withResolvers<Outcome<Buffer>>();
    started.push({ signal: stop, end: resolve });
    return promise;
  });
}

const answer = succeed(Buffer.from("rows"));

it("makes one run of calls with the same key, and another one when that is over", async () => {
  const both = Promise.all([share("a"), share("a")]);
  started[0]?.end(answer);
  expect(await both).toEqual([answer, answer]);
  void share("a");
  expect(started).toHaveLength(2);
});

it("keeps calls with different keys apart", () => {
  void share("a");
  void share("b");
  expect(started).toHaveLength(2);
});

it("does not share what began before the call was made, so that a caller reads its own writes", () => {
  void share("a");
  void share("a", { queuedAt: Date.now() + 50 });
  expect(started).toHaveLength(2);
});

it("goes on for the others when one is cancelled", async () => {
  const cancel = new AbortController();
  const cancelled = share("a", { signal: cancel.signal });
  const stays = share("a");
  cancel.abort(new Error("cancelled"));
  await expect(cancelled).rejects.toThrow("cancelled");
  expect(started[0]?.signal.aborted).toBe(false);
  started[0]?.end(answer);
  expect(await stays).toEqual(answer);
});

it("stops when the last one is cancelled, with its reason, and takes nobody on board any more", async () => {
  const cancels = [new AbortController(), new AbortController()];
  const [first, last] = cancels.map(({ signal }) => share("a", { signal }));
  cancels[0]?.abort(new Error("first"));
  cancels[1]?.abort(new Error("last"));
  expect(started[0]?.signal.reason).toEqual(new Error("last"));
  void share("a");
  expect(started).toHaveLength(2);
  started[0]?.end(answer);
  await expect(first).rejects.toThrow("first");
  expect(await last).toEqual(answer);
});

it("stops at once for a call that was cancelled before", async () => {
  const running = share("a", { signal: AbortSignal.abort() });
  expect(started[0]?.signal.aborted).toBe(true);
  started[0]?.end(answer);
  expect(await running).toEqual(answer);
});
