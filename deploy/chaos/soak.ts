import { parseArgs } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { slopeOf } from "./slope.ts";
import { openLoad } from "./load.ts";
import { openChaosSystem } from "./open-chaos-system.ts";
import type { ChaosSystem } from "./open-chaos-system.ts";

const callTimeoutMs = 20_000;
const sampleIntervalMs = 2_000;
/** Heaps grow to their working size first, in ms. */
const warmUpMs = 60_000;
/** Bounds as in a container of 512 MB: an unbounded V8 lets garbage lie, and that looks like a leak for a long time. */
const heapBounds = "--max-old-space-size=256 --max-semi-space-size=8";
const mebi = 1_048_576;

/**
 * Flat is what grows by less than a tenth of its size over the whole run, or by less than so many MB per minute: heaps
 * are sampled between collections, and Redis keeps completed writes for 15 minutes and their claims for a day.
 */
const flatShare = 0.1;
const flatMbPerMinute = 1;

interface Series {
  readonly name: string;
  readonly read: () => Promise<number>;
  /** Minutes and MB. */
  readonly points: [number, number][];
}

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
const { values } = parseArgs({ options: { minutes: { type: "string", default: "10" } } });
process.exitCode = (await run(Number(values.minutes))) ? 0 : 1;
process.exit();

/** `pnpm soak [--minutes 10]`: steady load without faults. True when all calls were answered and memory stays flat. */
async function run(minutes: number): Promise<boolean> {
  if (!(minutes >= 1)) throw new Error("--minutes must be a number of at least 1");
  await using stack = new AsyncDisposableStack();
  console.log("> Starting Redis, a sandbox SAP system, a worker and a gateway");
  const system = await openChaosSystem(stack, {
    gateways: 1,
    workers: 1,
    callTimeoutMs,
    env: { NODE_OPTIONS: heapBounds },
  });
  const { mcpUrl } = system;
  const deadlineMs = callTimeoutMs + 5_000;
  const load = openLoad({ mcpUrl, readers: 20, writers: 1, pauseMs: 200, deadlineMs, forgetAnswered: true });
  console.log(`> Warming up for ${warmUpMs / 1_000} s, then measuring for ${minutes} minutes`);
  await sleep(warmUpMs);
  const all = listSeries(system);
  const startedAt = performance.now();
  for (let at = startedAt; at - startedAt < minutes * 60_000; at = performance.now()) {
    await Promise.all(all.map(async ({ read, points }) => points.push([(at - startedAt) / 60_000, await read()])));
    await sleep(sampleIntervalMs);
  }
  await load.stop();
  const rows = all.map(({ name, points }) => {
    const slope = slopeOf(points);
    const mean = points.reduce((sum, [, mb]) => sum + mb, 0) / points.length;
    const maxMbPerMinute = round(Math.max(flatMbPerMinute, (flatShare * mean) / minutes));
    return { name, mbByMinute: averageByMinute(points), mbPerMinute: round(slope), maxMbPerMinute };
  });
  console.table(rows.map(({ mbByMinute, ...row }) => ({ ...row, "MB by minute": mbByMinute.join(" ") })));
  const troubled = load.records.length;
  const steep = rows.filter(({ mbPerMinute, maxMbPerMinute }) => !(mbPerMinute <= maxMbPerMinute));
  const passed = steep.length === 0 && troubled === 0;
  console.log(JSON.stringify({ minutes, calls: load.calls(), notAnswered: troubled, passed, series: rows }));
  for (const { name, mbPerMinute } of steep) console.log(`✗ ${name} grows by ${mbPerMinute} MB per minute`);
  if (troubled > 0) console.log(`✗ ${troubled} calls were not answered`);
  return passed;
}

function listSeries({ fleet, redis }: ChaosSystem): readonly Series[] {
  const ofProcess = (role: "gateway" | "worker"): readonly Series[] => {
    const url = fleet.list(role)[0]?.url ?? "";
    const read = (figure: "rss" | "heapUsed") => async () => (await memoryOf(url))[figure] / mebi;
    return [
      { name: `${role} rss`, read: read("rss"), points: [] },
      { name: `${role} heap`, read: read("heapUsed"), points: [] },
    ];
  };
  const read = async () => (await redis.usedMemory()) / mebi;
  return [...ofProcess("gateway"), ...ofProcess("worker"), { name: "redis used_memory", read, points: [] }];
}

async function memoryOf(url: string): Promise<NodeJS.MemoryUsage> {
  const report = (await (await fetch(`${url}/health`)).json()) as { checks: { memory: NodeJS.MemoryUsage } };
  return report.checks.memory;
}

function averageByMinute(points: Series["points"]): number[] {
  const minutes = Map.groupBy(points, ([minute]) => Math.floor(minute));
  return [...minutes.values()].map((own) => round(own.reduce((sum, [, mb]) => sum + mb, 0) / own.length));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
