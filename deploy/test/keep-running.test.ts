import { describe, expect, test } from "vitest";
import { keepRunning } from "../local/keep-running.ts";
import type { KeptProcess } from "../local/keep-running.ts";
import { startProcess } from "../local/start-process.ts";

const entry = new URL("stand-in.ts", import.meta.url);

describe("keepRunning", () => {
  test("starts a process again that was killed, under a new pid", async () => {
    const events: string[] = [];
    await using kept = keep({}, events);
    await kept.ready;
    const first = kept.current();
    await first?.kill();
    await expect.poll(() => kept.current()?.pid, { timeout: 10_000 }).not.toBe(first?.pid);
    await expect.poll(() => kept.current()?.pid, { timeout: 10_000 }).toBeDefined();
    expect(events).toEqual(["kept ended with SIGKILL and is started again"]);
  });

  test("explains and gives up when a process dies three times right after its start", async () => {
    const events: string[] = [];
    await using kept = keep(
      { READY_AFTER_MS: "60000", EXIT_AFTER_MS: "0", WORDS: "SAP_DESTINATION_NAME is not set" },
      events,
    );
    await expect(kept.over).rejects.toThrow(
      /kept died 3 times right after its start.*SAP_DESTINATION_NAME is not set/s,
    );
    await expect(kept.ready).rejects.toThrow(/died 3 times/);
    expect(events).toHaveLength(2);
  });

  test("goes on for ever with a process that lived for a while before it ended", async () => {
    const events: string[] = [];
    await using _kept = keep({ EXIT_AFTER_MS: "100" }, events, 1);
    await expect.poll(() => events.length, { timeout: 20_000 }).toBeGreaterThan(3);
  });

  test("stops while the process is still starting", async () => {
    const kept = keep({ READY_AFTER_MS: "60000" }, []);
    await kept[Symbol.asyncDispose]();
    await expect(kept.over).resolves.toBeUndefined();
    expect(kept.current()).toBeUndefined();
  });

  test("stops the process it runs and starts no other", async () => {
    const events: string[] = [];
    const kept = keep({}, events);
    await kept.ready;
    const child = kept.current();
    await kept[Symbol.asyncDispose]();
    expect(child?.ended()).toBe("code 0");
    expect(events).toEqual([]);
  });
});

function keep(env: Record<string, string>, events: string[], shortLifeMs = 5_000): KeptProcess {
  const start = () => startProcess({ name: "kept", entry, env });
  return keepRunning({ start, report: (event) => events.push(event), shortLifeMs });
}
