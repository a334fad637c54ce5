import { expect, it } from "vitest";
import type { Fault } from "./faults.ts";
import { complainOfFailures, judge } from "./judge.ts";
import type { CallRecord } from "./load.ts";

const fault: Fault = { name: "blow", aftermathMs: 0, isSmooth: true, isKill: true, inject: () => Promise.resolve() };
const struckAt = 1_000;

function call(about: Partial<CallRecord>): CallRecord {
  return {
    effect: "read",
    marker: undefined,
    startedAt: 1_100,
    endedAt: 1_200,
    result: "answered",
    breaks: [],
    ...about,
  };
}

function verdictOf(records: readonly CallRecord[], created: Readonly<Record<string, number>> = {}) {
  return judge({ fault, struckAt, records, inFlight: [] }, new Map(Object.entries(created)));
}

it("has no complaint where every call was answered and SAP has each write once", () => {
  expect(verdictOf([call({}), call({ effect: "write", marker: "a" })], { a: 1 }).complaints).toEqual([]);
});

it("counts a write that SAP has twice, whatever its client was told", () => {
  expect(verdictOf([call({ effect: "write", marker: "a", result: "broken" })], { a: 2 }).complaints).toEqual([
    "1 twice",
  ]);
});

it("counts an answered write that SAP does not have, and one said to have failed that SAP has, as wrong", () => {
  const vanished = call({ effect: "write", marker: "a" });
  const denied = call({ effect: "write", marker: "b", result: "failed", reason: "deadline" });
  expect(verdictOf([vanished, denied], { b: 1 }).wrong).toBe(2);
});

it("does not hold it against a write of unknown outcome that SAP has it", () => {
  const unknown = call({ effect: "write", marker: "a", result: "failed", reason: "outcome-unknown" });
  expect(verdictOf([unknown], { a: 1 }).wrong).toBe(0);
});

it("complains of more than one named failure in a thousand calls over all faults that should not be noticed", () => {
  const failed = call({ result: "failed", reason: "deadline" });
  const phase = (records: readonly CallRecord[]) => ({ fault, struckAt, inFlight: [], records });
  const calm = phase(Array.from({ length: 999 }, () => call({})));
  const noticed = { ...phase([failed, failed]), fault: { ...fault, isSmooth: false } };
  expect(complainOfFailures([calm, phase([failed]), noticed])).toEqual([]);
  expect(complainOfFailures([calm, phase([failed]), phase([failed])])).toHaveLength(1);
});

it("counts the recovery up to the last call that was in flight, failed or was sent again", () => {
  const resent = call({ breaks: ["broken"], endedAt: 4_000 });
  const inFlight = [call({ startedAt: 900, endedAt: 17_000 })];
  expect(verdictOf([resent, call({ endedAt: 30_000 })]).recoveryS).toBe(3);
  expect(judge({ fault, struckAt, records: [resent], inFlight }, new Map()).complaints).toEqual(["recovery took 16 s"]);
});
