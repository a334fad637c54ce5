/** Figures of one run: one way of calling at one number of outstanding calls. */
export interface Figures {
  readonly callsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Keeps `outstanding` calls under way for `durationMs` and measures each. */
export async function measure(call: () => Promise<unknown>, outstanding: number, durationMs: number): Promise<Figures> {
  const latencies: number[] = [];
  const startedAt = performance.now();
  const endsAt = startedAt + durationMs;
  const keepCalling = async () => {
    for (let at = performance.now(); at < endsAt; at = performance.now()) {
      await call();
      latencies.push(performance.now() - at);
      // A call that needs no I/O must not keep the loop from ending the others.
      if (latencies.length % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await Promise.all(Array.from({ length: outstanding }, keepCalling));
  const elapsedS = (performance.now() - startedAt) / 1_000;
  latencies.sort((a, b) => a - b);
  return {
    callsPerSecond: latencies.length / elapsedS,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
  };
}

/** The median of each figure over several runs. */
export function medianOf(runs: readonly Figures[]): Figures {
  const middle = (pick: (run: Figures) => number) =>
    quantile(
      runs.map(pick).toSorted((a, b) => a - b),
      0.5,
    );
  return {
    callsPerSecond: middle((run) => run.callsPerSecond),
    p50Ms: middle((run) => run.p50Ms),
    p99Ms: middle((run) => run.p99Ms),
  };
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
