import type { Logger } from "@sap-mcp/shared/logger.ts";
import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { Queue } from "bullmq";

export interface CallAdmissionOptions {
  /** Calls that may wait in one queue before new ones are refused; any number when absent. */
  readonly maxBacklog?: number;
  readonly log: Logger;
}

/** What is known of one queue. */
interface Lane {
  /** Calls of this gateway that wait for an answer, in all and by user. */
  outstanding: number;
  readonly byUser: Map<string, number>;
  /** Jobs of all gateways that no worker had taken at the last look, and `outstanding` at that time. */
  waiting: number;
  outstandingThen: number;
  lookedAt: number;
  looking: boolean;
}

const lookEveryMs = 200;
/** A look that is older says nothing about now. */
const forgetAfterMs = 2_000;
const retryAfterMs = 2_000;
/** BullMQ knows no greater priority. */
const lastPriority = 2_097_152;

/** Decides which calls may wait in a queue, and in which order they get their turn. */
export class CallAdmission {
  readonly #maxBacklog: number;
  readonly #log: Logger;
  readonly #lanes = new Map<Queue, Lane>();

  constructor({ maxBacklog = Number.POSITIVE_INFINITY, log }: CallAdmissionOptions) {
    this.#maxBacklog = maxBacklog;
    this.#log = log;
  }

  /**
   * The priority of a call that may wait, where a lower one is served first: the calls that its user is waiting for
   * already. So many calls of one user queue behind each other and not before those of others. Who entered must leave.
   */
  enter(queue: Queue, user: string): Outcome<number> {
    const lane = this.#laneOf(queue);
    const ofUser = lane.byUser.get(user) ?? 0;
    if (Number.isFinite(this.#maxBacklog)) {
      const backlog = backlogOf(lane);
      if (Date.now() - lane.lookedAt > lookEveryMs && !lane.looking) void this.#look(queue, lane);
      // Else one user's flood would shut out those who wait for nothing yet.
      const limit = ofUser === 0 ? 2 * this.#maxBacklog : this.#maxBacklog;
      if (backlog >= limit) return refuse(backlog);
    }
    lane.outstanding += 1;
    lane.byUser.set(user, ofUser + 1);
    return succeed(Math.min(ofUser, lastPriority));
  }

  leave(queue: Queue, user: string): void {
    const lane = this.#laneOf(queue);
    lane.outstanding -= 1;
    const ofUser = (lane.byUser.get(user) ?? 1) - 1;
    if (ofUser === 0) lane.byUser.delete(user);
    else lane.byUser.set(user, ofUser);
  }

  #laneOf(queue: Queue): Lane {
    const known = this.#lanes.get(queue);
    if (known !== undefined) return known;
    const lane = { outstanding: 0, byUser: new Map(), waiting: 0, outstandingThen: 0, lookedAt: 0, looking: false };
    this.#lanes.set(queue, lane);
    return lane;
  }

  async #look(queue: Queue, lane: Lane): Promise<void> {
    lane.looking = true;
    const { outstanding } = lane;
    try {
      const { waiting = 0, prioritized = 0 } = await queue.getJobCounts("waiting", "prioritized");
      Object.assign(lane, { waiting: waiting + prioritized, outstandingThen: outstanding, lookedAt: Date.now() });
    } catch (error) {
      this.#log.debug({ err: error, queue: queue.name }, "the backlog could not be counted");
    } finally {
      lane.looking = false;
    }
  }
}

/** What waited at the last look, and what has been added here since. */
function backlogOf(lane: Lane): number {
  if (Date.now() - lane.lookedAt > forgetAfterMs) return lane.outstanding;
  return lane.waiting + Math.max(0, lane.outstanding - lane.outstandingThen);
}

function refuse(backlog: number): ReturnType<typeof fail> {
  return fail("throttled", `${backlog} calls wait for this system already; nothing was executed.`, {
    guidance: `Try again in ${retryAfterMs / 1_000} seconds, with fewer calls at once.`,
    retryAfterMs,
  });
}
