import type { JobEffect } from "@sap-mcp/shared/contracts/define-job.ts";
import { z } from "zod";

/** What a SAP system may be asked by all workers together. `*` stands for every destination that is not named. */
export const destinationLimitsSchema = z.record(
  z.string(),
  z.strictObject({
    /** Calls under way at once. */
    concurrency: z.int().min(1).optional(),
    /** Calls begun per second. */
    perSecond: z.number().positive().optional(),
  }),
);

export type DestinationLimits = z.output<typeof destinationLimitsSchema>;

export interface LaneLimit {
  readonly concurrency?: number;
  readonly rate?: { readonly max: number; readonly durationMs: number };
}

/** Of four calls that a system allows, one is kept for writes. */
const writeShare = 0.25;

/**
 * A destination's limits, split between its two queues so that their sum is what was asked for: writes can't take the
 * turns of reads, nor reads those of writes. Where nothing may be written, reads have all of it.
 */
export function laneLimitsOf(
  limits: DestinationLimits,
  destination: string,
  allowWrites: boolean,
): Readonly<Record<JobEffect, LaneLimit>> {
  const { concurrency, perSecond } = limits[destination] ?? limits["*"] ?? {};
  // Writes are refused before SAP is asked.
  if (!allowWrites) return { read: limitOf(concurrency, perSecond), write: {} };
  const writes = concurrency === undefined ? undefined : Math.max(1, Math.floor(concurrency * writeShare));
  return {
    read: limitOf(concurrency && concurrency - (writes ?? 0), perSecond && perSecond * (1 - writeShare)),
    write: limitOf(writes, perSecond && perSecond * writeShare),
  };
}

function limitOf(concurrency: number | undefined, perSecond: number | undefined): LaneLimit {
  return {
    ...(concurrency !== undefined && { concurrency }),
    ...(perSecond !== undefined && { rate: rateOf(perSecond) }),
  };
}

/** A whole number of calls in as many ms as give the rate exactly. */
function rateOf(perSecond: number): { max: number; durationMs: number } {
  const max = Math.max(1, Math.floor(perSecond));
  return { max, durationMs: Math.round((max / perSecond) * 1_000) };
}
