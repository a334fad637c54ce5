import { setTimeout } from "node:timers/promises";
import type { Child } from "./spawn-child.ts";

const intervalMs = 50;

interface ReadyLimits {
  readonly timeoutMs: number;
  /** Ends the wait early. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks until the answer is yes; an `isReady` that rejects has said no.
 * @throws with the child's last lines when it ends first, and when time is up or the signal fires.
 */
export async function untilReady(
  child: Child,
  isReady: () => boolean | Promise<boolean>,
  { timeoutMs, signal }: ReadyLimits,
): Promise<void> {
  // A clock and not AbortSignal.timeout inside AbortSignal.any: that signal may be collected, and then never fires.
  const endsAt = performance.now() + timeoutMs;
  while (!(await ask(isReady))) {
    if (child.ended() !== undefined) throw new Error(lastWordsOf(child));
    if (signal?.aborted === true) throw new Error(`${child.name} was no longer waited for`, { cause: signal.reason });
    if (performance.now() > endsAt) throw new Error(`${child.name} was not ready within ${timeoutMs} ms`);
    await setTimeout(intervalMs);
  }
}

/** How a child ended and what it wrote last. */
export function lastWordsOf(child: Child): string {
  const lines = child.lastLines().map((line) => `\n    ${line}`);
  return `${child.name} ended with ${child.ended() ?? "nothing"}${lines.length > 0 ? "; it wrote last:" : ""}${lines.join("")}`;
}

async function ask(isReady: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await isReady();
  } catch {
    return false;
  }
}
