import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { describe, expect, it } from "vitest";
import { SharedCache } from "./shared-cache.ts";

const signal = AbortSignal.timeout(20_000);

describe("SharedCache", () => {
  it("loads once for all that ask at the same time, and not again while the value is good", async () => {
    const { cache, loads, load } = openCache();
    const all = await Promise.all(Array.from({ length: 50 }, () => cache.get("a", signal, load)));
    expect(all).toEqual(Array(50).fill(succeed("a1")));
    expect(await cache.get("a", signal, load)).toEqual(succeed("a1"));
    expect(loads).toHaveLength(1);
  });

  it("hands an expired value to the next load", async () => {
    const { cache, loads, load } = openCache({ ttlMs: 0 });
    await cache.get("a", signal, load);
    expect(await cache.get("a", signal, load)).toEqual(succeed("a2"));
    expect(loads).toEqual([undefined, "a1"]);
  });

  it("does not keep a failure", async () => {
    const { cache, load } = openCache();
    expect(await cache.get("a", signal, () => Promise.resolve(fail("sap-error", "no")))).toMatchObject({ ok: false });
    expect(await cache.get("a", signal, load)).toEqual(succeed("a1"));
  });

  it("goes on loading for the others when one gives up, and stops when the last one does", async () => {
    const { cache } = openCache();
    const answer = Promise.withResolvers<Outcome<string>>();
    let stopped = false;
    const load = (loading: AbortSignal) => {
      loading.addEventListener("abort", () => {
        stopped = true;
      });
      return answer.promise;
    };
    const [first, second, third] = [new AbortController(), new AbortController(), new AbortController()];
    const one = cache.get("a", first.signal, load);
    const two = cache.get("a", second.signal, load);
    first.abort();
    expect(await one).toMatchObject({ failure: { kind: "cancelled" } });
    expect(stopped).toBe(false);
    second.abort();
    expect(await two).toMatchObject({ failure: { kind: "cancelled" } });
    expect(stopped).toBe(true);
    const fresh = cache.get("a", third.signal, () => Promise.resolve(succeed("fresh")));
    expect(await fresh).toEqual(succeed("fresh"));
  });

  it("passes a defect on to those who wait, and is usable after it", async () => {
    const { cache, load } = openCache();
    await expect(cache.get("a", signal, () => Promise.reject(new Error("a defect")))).rejects.toThrow("a defect");
    expect(await cache.get("a", signal, load)).toEqual(succeed("a1"));
  });

  it("forgets what was not used for longest when it is full", async () => {
    const { cache, loads, load } = openCache({ maxEntries: 2 });
    for (const key of ["a", "b", "a", "c", "a"]) await cache.get(key, signal, (it, stale) => load(it, stale, key));
    expect(loads).toHaveLength(3);
    await cache.get("b", signal, load);
    expect(loads).toHaveLength(4);
  });
});

function openCache({ ttlMs = 60_000, maxEntries = 10 } = {}) {
  const loads: (string | undefined)[] = [];
  const load = (_signal: AbortSignal, stale: string | undefined, key = "a") => {
    loads.push(stale);
    return Promise.resolve(succeed(`${key}${loads.length}`));
  };
  return { cache: new SharedCache<string>({ maxEntries, ttlMsOf: () => ttlMs }), loads, load };
}
