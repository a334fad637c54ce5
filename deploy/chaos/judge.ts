import { failureTable } from "@sap-mcp/shared/failure.ts";
import type { FailureKind } from "@sap-mcp/shared/failure.ts";
import type { Fault } from "./faults.ts";
import type { CallRecord } from "./load.ts";

/** The calls that began while a fault was injected or in its aftermath. */
export interface Phase {
  readonly fault: Fault;
  /** When the blow fell, in ms of the monotonic clock. */
  readonly struckAt: number;
  readonly records: readonly CallRecord[];
  /** Calls of earlier phases that were under way at that moment. */
  readonly inFlight: readonly CallRecord[];
}

export interface Verdict {
  readonly fault: string;
  readonly calls: number;
  readonly answered: number;
  readonly lost: number;
  /** Writes that SAP has more than once. */
  readonly twice: number;
  /** Answers of another call, answered writes that SAP does not have, and writes that SAP has although their failure denies it. */
  readonly wrong: number;
  /** How often each kind of failure was named. */
  readonly failures: Readonly<Record<string, number>>;
  /** Why reads were sent again whose connection broke, and how often. */
  readonly resent: Readonly<Record<string, number>>;
  /** Writes whose connection broke, and how many of them SAP has. */
  readonly brokenWrites: string;
  readonly worstMs: number;
  /** From the blow until the calls in flight had ended and no further call failed, in seconds. */
  readonly recoveryS: number;
  /** What breaks a promise; empty when all is kept. */
  readonly complaints: readonly string[];
}

const maxNamedShare = 0.001;
const maxRecoveryS = 15;

/** Holds what clients were told against what SAP has: the number of orders for each marker. */
export function judge({ fault, struckAt, records, inFlight }: Phase, created: ReadonlyMap<string, number>): Verdict {
  const count = (result: CallRecord["result"]) => records.filter((record) => record.result === result).length;
  const timesOf = ({ marker }: CallRecord) => created.get(marker ?? "") ?? 0;
  const writes = records.filter((record) => record.effect === "write");
  const broken = writes.filter((record) => record.result === "broken");
  const vanished = writes.filter((record) => record.result === "answered" && timesOf(record) === 0).length;
  const denied = writes
    .filter(({ result, reason = "" }) => result === "failed" && deniesWrite(reason))
    .filter(timesOf).length;
  const named = records.filter((record) => record.result === "failed");
  const verdict = {
    fault: fault.name,
    calls: records.length,
    answered: count("answered"),
    lost: count("lost"),
    twice: writes.filter((record) => timesOf(record) > 1).length,
    wrong: count("wrong") + vanished + denied,
    failures: tally(named.map((record) => record.reason ?? "unnamed")),
    resent: tally(records.flatMap((record) => record.breaks)),
    brokenWrites: `${broken.length} (${broken.filter(timesOf).length})`,
    worstMs: Math.round(Math.max(0, ...records.map(({ startedAt, endedAt }) => (endedAt ?? Infinity) - startedAt))),
    recoveryS: Math.round(recoveryMs(struckAt, records, inFlight) / 100) / 10,
  };
  const complaints = [
    ...(["lost", "twice", "wrong"] as const).flatMap((name) => (verdict[name] > 0 ? [`${verdict[name]} ${name}`] : [])),
    ...(fault.isKill === true && verdict.recoveryS >= maxRecoveryS ? [`recovery took ${verdict.recoveryS} s`] : []),
  ];
  return { ...verdict, complaints };
}

/**
 * Killed workers, rolling deployments and scaling are promised to be hardly noticed. Judged together: a write in flight
 * at a kill is one call, and what share it is must not depend on how long each phase lasts.
 */
export function complainOfFailures(phases: readonly Phase[]): string[] {
  const records = phases.flatMap((phase) => (phase.fault.isSmooth === true ? phase.records : []));
  const named = records.filter((record) => record.result === "failed").length;
  if (named <= maxNamedShare * records.length) return [];
  return [`${named} named failures in ${records.length} calls that hardly any fault should have touched`];
}

/** Whether a failure says that SAP executed nothing. */
function deniesWrite(reason: string): boolean {
  if (!(reason in failureTable)) return reason !== "JSON-RPC -32603";
  // A write that may have begun by its deadline fails as outcome-unknown.
  return failureTable[reason as FailureKind].untouched || reason === "deadline";
}

function recoveryMs(struckAt: number, records: readonly CallRecord[], inFlight: readonly CallRecord[]): number {
  const troubled = records.filter(({ startedAt, result, breaks }) => {
    return startedAt >= struckAt && (result !== "answered" || breaks.length > 0);
  });
  return Math.max(0, ...[...inFlight, ...troubled].map(({ endedAt = Infinity }) => endedAt - struckAt));
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
