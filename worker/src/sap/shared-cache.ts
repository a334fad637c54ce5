import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { waitWithin } from "./wait-within.ts";

/** Loads a value; `stale` is the expired one, to be returned again when it still holds. */
export type Load<T> = (signal: AbortSignal, stale: T | undefined) => Promise<Outcome<T>>;

export interface SharedCacheOptions<T> {
  readonly maxEntries: number;
  /** How long a value is good for, in ms. */
  readonly ttlMsOf: (value: T) => number;
}

interface Flight<T> {
  readonly result: Promise<Outcome<T>>;
  readonly abort: AbortController;
  waiting: number;
}

/** Values by key, each loaded once for all that want it at the same time; a load is given up when nobody waits for it any more. */
export class SharedCache<T> {
  readonly #options: SharedCacheOptions<T>;
  readonly #values = new Map<string, { readonly value: T; readonly expiresAt: number }>();
  readonly #flights = new Map<string, Flight<T>>();

  constructor(options: SharedCacheOptions<T>) {
    this.#options = options;
  }

  async get(key: string, signal: AbortSignal, load: Load<T>): Promise<Outcome<T>> {
    const known = this.#values.get(key);
    if (known !== undefined && known.expiresAt > Date.now()) {
      this.#keep(key, known);
      return { ok: true, value: known.value };
    }
    const flight = this.#flights.get(key) ?? this.#start(key, load, known?.value);
    flight.waiting += 1;
    const waited = await waitWithin(flight.result, signal);
    flight.waiting -= 1;
    if (waited.ok) return waited.value;
    if (flight.waiting === 0) {
      // Whoever comes next starts afresh instead of joining a flight that is being given up.
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
      flight.abort.abort(signal.reason);
    }
    return waited;
  }

  #start(key: string, load: Load<T>, stale: T | undefined): Flight<T> {
    const abort = new AbortController();
    const result = load(abort.signal, stale);
    const flight: Flight<T> = { result, abort, waiting: 0 };
    this.#flights.set(key, flight);
    const land = (outcome?: Outcome<T>) => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
      if (outcome?.ok)
        this.#keep(key, { value: outcome.value, expiresAt: Date.now() + this.#options.ttlMsOf(outcome.value) });
    };
    result.then(land, () => land());
    return flight;
  }

  /** The least recently used value is at the front and goes first. */
  #keep(key: string, entry: { readonly value: T; readonly expiresAt: number }): void {
    this.#values.delete(key);
    this.#values.set(key, entry);
    const oldest = this.#values.keys().next();
    if (this.#values.size > this.#options.maxEntries && !oldest.done) this.#values.delete(oldest.value);
  }
}
