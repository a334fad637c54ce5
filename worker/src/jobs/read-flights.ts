import type { Outcome } from "@sap-mcp/shared/outcome.ts";

/**
 * By how much a read may have begun before a call that shares it was made, in ms: so little that nothing the caller
 * did in between, above all no write, can be missing in the answer.
 */
const longestLeadMs = 20;

interface Flight {
  readonly startedAt: number;
  readonly result: Promise<Outcome<Buffer>>;
  readonly stop: AbortController;
  members: number;
}

export interface FlightCall {
  /** Equal for calls that get equal answers: the caller is part of it. */
  readonly key: string;
  /** When the call was made, in ms since 1970. */
  readonly queuedAt: number;
  readonly signal: AbortSignal;
}

/** Reads that are in flight in this process, each shared by all calls that want the same at the same time. */
export class ReadFlights {
  readonly #flights = new Map<string, Flight>();

  /**
   * The outcome of a flight for this key, begun by `run` if there is none to share. A call whose signal fires leaves it
   * and rejects; only when all have left is the flight stopped, and the last one gets what it ends with.
   */
  async share(
    { key, queuedAt, signal }: FlightCall,
    run: (signal: AbortSignal) => Promise<Outcome<Buffer>>,
  ): Promise<Outcome<Buffer>> {
    const known = this.#flights.get(key);
    const flight = known !== undefined && queuedAt <= known.startedAt + longestLeadMs ? known : this.#start(key, run);
    const left = Promise.withResolvers<never>();
    const leave = () => {
      flight.members -= 1;
      if (flight.members > 0) return left.reject(signal.reason);
      this.#forget(key, flight);
      flight.stop.abort(signal.reason);
    };
    flight.members += 1;
    if (signal.aborted) leave();
    else signal.addEventListener("abort", leave, { once: true });
    try {
      return await Promise.race([flight.result, left.promise]);
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  #start(key: string, run: (signal: AbortSignal) => Promise<Outcome<Buffer>>): Flight {
    const stop = new AbortController();
    const result = run(stop.signal).finally(() => this.#forget(key, flight));
    const flight: Flight = { startedAt: Date.now(), result, stop, members: 0 };
    this.#flights.set(key, flight);
    return flight;
  }

  #forget(key: string, flight: Flight): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}
