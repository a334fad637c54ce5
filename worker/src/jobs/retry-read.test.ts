import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { expect, it } from "vitest";
import { retryRead } from "./retry-read.ts";

const ever = new AbortController().signal;

/** Tries a read whose attempts end as listed; tells how many there were and how long it took. */
async function tryAll(endings: readonly Outcome<string>[], limits: { attempts?: number; withinMs?: number } = {}) {
  const { attempts = 3, withinMs = 10_000 } = limits;
  const startedAt = Date.now();
  let made = 0;
  const outcome = await retryRead(() => Promise.resolve(endings[made++] ?? fail("internal", "one attempt too many")), {
    attempts,
    expiresAt: startedAt + withinMs,
    signal: ever,
  });
  return { kind: outcome.ok ? outcome.value : outcome.failure.kind, made, tookMs: Date.now() - startedAt };
}

const down = fail("sap-unavailable", "down");
const throttledFor = (retryAfterMs: number) => fail("throttled", "slow down", { retryAfterMs });

it("tries again after a pause, and makes the next one longer", async () => {
  const { kind, made, tookMs } = await tryAll([down, down, succeed("there")]);
  expect([kind, made]).toEqual(["there", 3]);
  expect(tookMs).toBeGreaterThanOrEqual(295);
});

it("waits as long as SAP said", async () => {
  const { kind, tookMs } = await tryAll([throttledFor(400), succeed("there")]);
  expect(kind).toBe("there");
  expect(tookMs).toBeGreaterThanOrEqual(395);
});

it("gives up after the last attempt", async () => {
  expect(await tryAll([down, down, succeed("there")], { attempts: 2 })).toMatchObject({
    kind: "sap-unavailable",
    made: 2,
  });
});

it.each([
  ["the time of a repeat lies behind the deadline", throttledFor(2_000), 1_000],
  ["it would hold its place for too long", throttledFor(20_000), 60_000],
  ["a repeat can't help", fail("not-found", "none"), 10_000],
  ["SAP failed while it worked", fail("sap-error", "dump"), 10_000],
])("says what happened at once when %s", async (_case, ending, withinMs) => {
  const { kind, made, tookMs } = await tryAll([ending, succeed("there")], { withinMs });
  expect([kind, made]).toEqual([ending.failure.kind, 1]);
  expect(tookMs).toBeLessThan(500);
});

it("stops pausing when its signal fires", async () => {
  const cancel = new AbortController();
  const running = retryRead(() => Promise.resolve(throttledFor(5_000)), {
    attempts: 3,
    expiresAt: Date.now() + 60_000,
    signal: cancel.signal,
  });
  cancel.abort();
  await expect(running).rejects.toThrow("aborted");
});
