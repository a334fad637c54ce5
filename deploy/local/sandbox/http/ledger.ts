/** A write that was executed: what tests hold against the writes that they asked for. */
export interface LedgerEntry {
  readonly sequence: number;
  readonly time: string;
  readonly method: string;
  readonly service: string;
  readonly path: string;
  readonly key: string | undefined;
  readonly user: string;
  readonly idempotencyKey: string | undefined;
  readonly correlationId: string | undefined;
}

const maxEntries = 200_000;

/** The writes in the order of their execution; the oldest are forgotten when there are very many. */
export class Ledger {
  readonly #entries: LedgerEntry[] = [];
  #sequence = 0;

  get total(): number {
    return this.#sequence;
  }

  add(entry: Omit<LedgerEntry, "sequence" | "time">): void {
    this.#entries.push({ sequence: ++this.#sequence, time: new Date().toISOString(), ...entry });
    if (this.#entries.length > maxEntries) this.#entries.splice(0, maxEntries / 10);
  }

  entries(): readonly LedgerEntry[] {
    return [...this.#entries];
  }

  clear(): void {
    this.#entries.length = 0;
    this.#sequence = 0;
  }
}
