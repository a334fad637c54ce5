import { cpus } from "node:os";
import { provideRedis } from "@sap-mcp/deploy/local/redis.ts";
import { createLogger } from "@sap-mcp/shared/logger.ts";
import { measure, medianOf } from "./measure.ts";
import type { Figures } from "./measure.ts";
import { directWay, openFloorWay, openQueueWay } from "./ways.ts";
import type { Way } from "./ways.ts";

const outstandingCalls = [1, 16, 64, 256];
const rounds = 5;
const warmUpMs = 1_000;
const measureMs = 1_000;

/** `pnpm bench`: the queue beside its floor and beside no queue, in turns within one run. Exits with 1 where a goal is missed. */
await using stack = new AsyncDisposableStack();
const log = createLogger({ component: "bench", level: "warn", instance: "0" });
const redis = stack.use(
  await provideRedis({ env: process.env, appendOnly: false, report: (step) => console.log(step) }),
);
const options = { redisUrl: redis.url, log };
const ways = [directWay(log), await openQueueWay(stack, options), await openFloorWay(stack, options)];
const results = await measureInTurns(ways);

console.table(tableOf(results));
const queue = figuresOf(results, "queue");
const floor = figuresOf(results, "floor");
const direct = figuresOf(results, "direct");
const addedP50 = queue(1).p50Ms - direct(1).p50Ms;
const goals = [
  {
    goal: "queue's added p50 at 1 outstanding is at most 5 times the floor",
    ratio: addedP50 / floor(1).p50Ms,
    met: addedP50 <= 5 * floor(1).p50Ms,
  },
  {
    goal: "queue's throughput at 64 outstanding is at least a tenth of the floor's",
    ratio: queue(64).callsPerSecond / floor(64).callsPerSecond,
    met: queue(64).callsPerSecond >= floor(64).callsPerSecond / 10,
  },
];
for (const { goal, ratio, met } of goals) console.log(`${met ? "met   " : "MISSED"} ${goal}: ${ratio.toFixed(3)}`);
console.log(
  JSON.stringify({
    bench: "queue",
    node: process.version,
    cpu: `${cpus().length} x ${cpus()[0]?.model}`,
    rounds,
    results: Object.fromEntries([...results].map(([key, runs]) => [key, medianOf(runs)])),
    goals,
  }),
);
process.exitCode = goals.every(({ met }) => met) ? 0 : 1;

/** Takes each way in turn in each round, so that a machine that slows down slows all of them. */
async function measureInTurns(all: readonly Way[]): Promise<Map<string, Figures[]>> {
  for (const way of all) await measure(way.call, 64, warmUpMs);
  const runs = new Map<string, Figures[]>();
  for (let round = 1; round <= rounds; round += 1) {
    console.log(`round ${round} of ${rounds}`);
    for (const outstanding of outstandingCalls) {
      for (const way of all) {
        const key = `${way.name} ${outstanding}`;
        runs.set(key, [...(runs.get(key) ?? []), await measure(way.call, outstanding, measureMs)]);
      }
    }
  }
  return runs;
}

function figuresOf(runs: ReadonlyMap<string, readonly Figures[]>, way: string): (outstanding: number) => Figures {
  return (outstanding) => medianOf(runs.get(`${way} ${outstanding}`) ?? []);
}

function tableOf(all: ReadonlyMap<string, readonly Figures[]>): Record<string, unknown> {
  return Object.fromEntries(
    [...all].map(([key, runs]) => {
      const median = medianOf(runs);
      const rates = runs.map((run) => run.callsPerSecond);
      return [
        key,
        {
          "calls/s": Math.round(median.callsPerSecond),
          "min–max": `${Math.round(Math.min(...rates))}–${Math.round(Math.max(...rates))}`,
          "p50 ms": median.p50Ms.toFixed(3),
          "p99 ms": median.p99Ms.toFixed(3),
        },
      ];
    }),
  );
}
