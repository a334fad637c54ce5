import { setTimeout as sleep } from "node:timers/promises";
import type { FaultRule } from "../local/sandbox/http/faults.ts";
import type { Role } from "./fleet.ts";
import type { ChaosSystem } from "./open-chaos-system.ts";

export interface Fault {
  readonly name: string;
  /** Does the damage and repairs what does not repair itself; calls `struck` at the moment of the blow. */
  readonly inject: (system: ChaosSystem, struck: () => void) => Promise<void>;
  /** Time for which the load goes on after it, in ms. */
  readonly aftermathMs: number;
  /** Whether the promise is that clients hardly notice: at most 0.1 % named failures over all such faults. */
  readonly isSmooth?: boolean;
  /** Whether calls must be back to normal within 15 s of the blow. */
  readonly isKill?: boolean;
}

/** SAP's ordinary delay, so that every blow finds calls under way. */
export const ordinaryDelay: FaultRule = { latencyMs: 80, jitterMs: 80 };

/** The faults of a run, those that must not be noticed first; `quick` leaves out what only takes longer. */
export function listFaults(quick: boolean): readonly Fault[] {
  const aftermathMs = quick ? 1_500 : 8_000;
  const spellMs = quick ? 2_000 : 10_000;
  const disturb = (name: string, rule: FaultRule): Fault => ({
    name,
    aftermathMs: quick ? 500 : 3_000,
    inject: async ({ sandbox }, struck) => {
      struck();
      sandbox.addFault({ ...ordinaryDelay, ...rule });
      await sleep(spellMs);
      sandbox.addFault(ordinaryDelay);
    },
  });
  const kill = (role: Role): Fault => ({
    name: `${role} killed`,
    aftermathMs,
    isKill: true,
    isSmooth: role === "worker",
    inject: async ({ fleet }, struck) => {
      struck();
      await fleet.kill(role);
      await sleep(1_000);
      await fleet.add(role);
    },
  });
  const freeze = (role: Role, ms: number): Fault => ({
    name: `${role} frozen for ${ms / 1_000} s`,
    aftermathMs,
    inject: async ({ fleet }, struck) => {
      struck();
      await fleet.freeze(role, ms);
    },
  });

  return [
    { name: "nothing", aftermathMs, inject: async () => {}, isSmooth: true },
    kill("worker"),
    { name: "rolling deployment", aftermathMs: 1_000, isSmooth: true, inject: rollAll },
    { name: "scaling up and down", aftermathMs: 1_000, isSmooth: true, inject: scale },
    kill("gateway"),
    disturb("SAP slow", { latencyMs: 800, jitterMs: 800 }),
    disturb("SAP fails with 503", { failRate: 0.3, failStatus: 503 }),
    disturb("SAP closes connections", { failRate: 0.2, closeSocket: true }),
    disturb("SAP hangs", { failRate: 0.02, hang: true }),
    ...(quick
      ? []
      : [
          kill("worker"),
          kill("gateway"),
          disturb("SAP answers HTML", { failRate: 0.2, html: true, failStatus: 500 }),
          disturb("SAP fails after it executed", { failRate: 0.2, failStatus: 500, afterExecution: true }),
          { name: "SAP forgets sessions", aftermathMs, inject: forgetSessions },
          freeze("worker", 12_000),
          freeze("gateway", 5_000),
        ]),
    { name: "Redis connections dropped", aftermathMs, inject: dropConnections },
    { name: "Redis killed", aftermathMs, isKill: true, inject: killRedis },
  ];
}

/** One by one, the new instance first: what a rolling deployment does. */
async function rollAll({ fleet }: ChaosSystem, struck: () => void): Promise<void> {
  struck();
  for (const role of ["worker", "gateway"] as const) {
    for (const old of fleet.list(role)) {
      await fleet.add(role);
      await fleet.stop(role, old);
    }
  }
}

async function scale({ fleet }: ChaosSystem, struck: () => void): Promise<void> {
  struck();
  await Promise.all([fleet.add("worker", 2), fleet.add("gateway")]);
  await sleep(1_000);
  await Promise.all([fleet.stop("worker"), fleet.stop("gateway")]);
  await fleet.stop("worker");
}

async function forgetSessions({ sandbox }: ChaosSystem, struck: () => void): Promise<void> {
  struck();
  for (let times = 0; times < 5; times += 1) {
    sandbox.expireSessions();
    await sleep(500);
  }
}

async function dropConnections({ redis }: ChaosSystem, struck: () => void): Promise<void> {
  struck();
  for (let times = 0; times < 3; times += 1) {
    await redis.dropConnections();
    await sleep(500);
  }
}

async function killRedis({ redis }: ChaosSystem, struck: () => void): Promise<void> {
  struck();
  await redis.kill();
  await sleep(1_000);
  await redis.start();
}
