import { setTimeout } from "node:timers/promises";
import type { RunningProcess } from "./start-process.ts";
import { lastWordsOf } from "./until-ready.ts";

export interface KeepOptions {
  readonly start: () => Promise<RunningProcess>;
  /** Told in one sentence when the process ended and is started again. */
  readonly report: (event: string) => void;
  /** A life shorter than this, in ms, counts as death at once. */
  readonly shortLifeMs?: number;
}

export interface KeptProcess extends AsyncDisposable {
  /** The process while it is ready. */
  readonly current: () => RunningProcess | undefined;
  /** Resolves when the process is ready for the first time. */
  readonly ready: Promise<void>;
  /** Rejects with the reason when it died at once three times in a row; resolves when it was stopped. */
  readonly over: Promise<void>;
}

const quickDeathsAllowed = 3;
const firstPauseMs = 250;

/** Starts a process and starts it again whenever it ends, a little later each time, until it is disposed of. */
export function keepRunning({ start, report, shortLifeMs = 5_000 }: KeepOptions): KeptProcess {
  const stopping = new AbortController();
  const stopped = new Promise<void>((resolve) => stopping.signal.addEventListener("abort", () => resolve()));
  const ready = Promise.withResolvers<void>();
  let current: RunningProcess | undefined;

  async function live(): Promise<RunningProcess> {
    await using child = await start();
    try {
      await child.ready(stopping.signal);
      current = child;
      ready.resolve();
      await Promise.race([child.exited, stopped]);
      current = undefined;
    } catch (error) {
      // Whoever ended before it was ready has died at once; one that hangs will not get better by waiting.
      if (!stopping.signal.aborted && child.ended() === undefined) throw error;
    }
    return child;
  }

  async function keep(): Promise<void> {
    let quickDeaths = 0;
    while (!stopping.signal.aborted) {
      const begunAt = performance.now();
      const child = await live();
      if (stopping.signal.aborted) return;
      quickDeaths = performance.now() - begunAt < shortLifeMs ? quickDeaths + 1 : 0;
      if (quickDeaths === quickDeathsAllowed) {
        throw new Error(`${child.name} died ${quickDeaths} times right after its start. ${lastWordsOf(child)}`);
      }
      report(`${child.name} ended with ${child.ended()} and is started again`);
      const pauseMs = firstPauseMs * 2 ** quickDeaths;
      await setTimeout(pauseMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }

  const over = keep();
  over.catch(ready.reject);
  ready.promise.catch(() => {});
  return {
    current: () => current,
    ready: ready.promise,
    over,
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await over.catch(() => {});
    },
  };
}
