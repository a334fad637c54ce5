import { parseArgs } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { listFaults, ordinaryDelay } from "./faults.ts";
import type { Fault } from "./faults.ts";
import { complainOfFailures, judge } from "./judge.ts";
import type { Phase, Verdict } from "./judge.ts";
import { openLoad } from "./load.ts";
import type { CallRecord, Load } from "./load.ts";
import { openChaosSystem } from "./open-chaos-system.ts";
import type { ChaosSystem } from "./open-chaos-system.ts";
import { readCreatedOrders } from "./read-created-orders.ts";

const callTimeoutMs = 20_000;
/** What a client waits beyond the product's own deadline, in ms. */
const patienceMs = 5_000;

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
const { values } = parseArgs({
  options: { quick: { type: "boolean", default: false }, only: { type: "string", default: "" } },
});
process.exitCode = (await run(values)) ? 0 : 1;
process.exit();

interface Run {
  readonly system: ChaosSystem;
  readonly load: Load;
  /** Calls of the phase before that still run. */
  readonly left: CallRecord[];
}

/**
 * `pnpm chaos [--quick] [--only <part of a fault's name>]`: injects one fault after another under load. True when every
 * promise was kept.
 */
async function run({ quick, only }: typeof values): Promise<boolean> {
  const startedAt = performance.now();
  await using stack = new AsyncDisposableStack();
  report("Starting Redis, a sandbox SAP system, 3 × worker and 2 × gateway");
  const system = await openChaosSystem(stack, { gateways: 2, workers: 3, callTimeoutMs });
  system.sandbox.addFault(ordinaryDelay);
  const load = openLoad({
    mcpUrl: system.mcpUrl,
    readers: 24,
    writers: 2,
    pauseMs: 150,
    deadlineMs: callTimeoutMs + patienceMs,
  });
  await sleep(2_000);
  const phases: Phase[] = [];
  const faults = listFaults(quick).filter(({ name }) => name.includes(only));
  const left: CallRecord[] = [];
  for (const fault of faults) phases.push(await pass(fault, { system, load, left }));
  report("Waiting for the last calls");
  await load.stop();
  const created = await readCreatedOrders(system.sandbox);
  const verdicts = phases.map((phase) => judge(phase, created));
  print(verdicts);
  const complaints = [
    ...verdicts.flatMap(({ fault, complaints: own }) => own.map((complaint) => `${fault}: ${complaint}`)),
    ...complainOfFailures(phases),
    ...strayComplaints(load.records, created),
  ];
  const durationS = Math.round((performance.now() - startedAt) / 1_000);
  console.log(JSON.stringify({ quick, durationS, passed: complaints.length === 0, complaints, faults: verdicts }));
  for (const complaint of complaints) console.log(`✗ ${complaint}`);
  return complaints.length === 0;
}

/**
 * Injects a fault and, where its promise is strict, waits for its last call; those that have begun meanwhile and still
 * run are left to the next phase, whose blow may hit them.
 */
async function pass(fault: Fault, { system, load, left }: Run): Promise<Phase> {
  report(fault.name);
  const from = load.records.length;
  let struckAt = performance.now();
  let inFlight: readonly CallRecord[] = [];
  await fault.inject(system, () => {
    struckAt = performance.now();
    // What has hung for longer is the doing of an earlier fault.
    inFlight = load.records.filter(({ endedAt, startedAt }) => endedAt === undefined && startedAt > struckAt - 2_000);
  });
  await sleep(fault.aftermathMs);
  const isStrict = fault.isSmooth === true || fault.isKill === true;
  if (isStrict) await load.settled();
  const all = [...left.splice(0), ...load.records.slice(from)];
  const isOver = ({ endedAt }: CallRecord) => !isStrict || endedAt !== undefined;
  left.push(...all.filter((record) => !isOver(record)));
  return { fault, struckAt, inFlight, records: all.filter(isOver) };
}

/** What SAP has that no client asked for. */
function strayComplaints(records: readonly CallRecord[], created: ReadonlyMap<string, number>): string[] {
  const asked = new Set(records.map((record) => record.marker));
  const strays = [...created.keys()].filter((marker) => !asked.has(marker));
  return strays.length === 0 ? [] : [`${strays.length} orders that nobody asked for`];
}

function print(verdicts: readonly Verdict[]): void {
  console.table(
    Object.fromEntries(
      verdicts.map(({ fault, complaints, failures, resent, ...figures }, at) => [
        `${at + 1} ${fault}`,
        {
          ...figures,
          resent: listCounts(resent),
          failures: listCounts(failures),
          kept: complaints.length === 0 ? "yes" : "NO",
        },
      ]),
    ),
  );
}

function listCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, times]) => `${name} ${times}`)
    .join(", ");
}

function report(step: string): void {
  console.log(`> ${step}`);
}
