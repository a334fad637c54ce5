import { fail } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { createPool } from "generic-pool";
import type { Pool } from "generic-pool";
import type { SapDestination } from "./resolve-destination.ts";
import { SapConnection } from "./sap-connection.ts";
import { waitWithin } from "./wait-within.ts";

export interface PoolSettings {
  /** Connections kept for a technical user even when they are idle. */
  readonly min: number;
  readonly max: number;
  readonly idleTimeoutMs: number;
  readonly acquireTimeoutMs: number;
}

/** Pools of SAP connections, one for each destination and principal; a pool that has run empty is dropped. */
export class ConnectionPools {
  readonly #settings: PoolSettings;
  readonly #maxAnswerBytes: number;
  readonly #pools = new Map<string, Pool<SapConnection>>();
  #sweeper: NodeJS.Timeout | undefined;

  constructor(settings: PoolSettings, maxAnswerBytes: number) {
    this.#settings = settings;
    this.#maxAnswerBytes = maxAnswerBytes;
  }

  get size(): number {
    return this.#pools.size;
  }

  /** Lends a connection for the time of the work. One that broke, or whose request was given up, is not used again. */
  async use<T>(
    destination: SapDestination,
    signal: AbortSignal,
    work: (connection: SapConnection) => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    const pool = this.#poolOf(destination);
    const acquiring = pool.acquire();
    let acquired: Outcome<SapConnection>;
    try {
      acquired = await waitWithin(acquiring, signal);
    } catch {
      return fail(
        "sap-unavailable",
        `All ${this.#settings.max} connections to ${destination.name} were busy for ${this.#settings.acquireTimeoutMs} ms.`,
        {
          guidance: "Try again later.",
        },
      );
    }
    if (!acquired.ok) {
      acquiring.then((late) => pool.release(late)).catch(() => undefined);
      return acquired;
    }
    const connection = acquired.value;
    let isSound = false;
    try {
      const outcome = await work(connection);
      isSound = !connection.isSpent;
      return outcome;
    } finally {
      await (isSound ? pool.release(connection) : pool.destroy(connection));
    }
  }

  /** Waits for the connections that are in use, then closes all. */
  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map(closePool));
  }

  #poolOf(destination: SapDestination): Pool<SapConnection> {
    const key = `${destination.principal} ${destination.name}`;
    const known = this.#pools.get(key);
    if (known !== undefined) return known;
    const { max, idleTimeoutMs, acquireTimeoutMs } = this.#settings;
    const pool = createPool<SapConnection>(
      {
        create: () => Promise.resolve(new SapConnection({ maxAnswerBytes: this.#maxAnswerBytes, idleTimeoutMs })),
        destroy: (connection) => Promise.resolve(connection.close()),
      },
      {
        min: destination.personal ? 0 : this.#settings.min,
        max,
        acquireTimeoutMillis: acquireTimeoutMs,
        // The soft limit leaves `min` connections alone; the hard one would close them and make new ones for ever.
        softIdleTimeoutMillis: idleTimeoutMs,
        idleTimeoutMillis: Number.MAX_SAFE_INTEGER,
        evictionRunIntervalMillis: Math.ceil(idleTimeoutMs / 2),
        numTestsPerEvictionRun: max,
        // The connection used last is the one whose socket is most surely open, and the others can go idle.
        fifo: false,
      },
    );
    this.#pools.set(key, pool);
    this.#sweeper ??= setInterval(() => this.#dropEmptyPools(), idleTimeoutMs).unref();
    return pool;
  }

  #dropEmptyPools(): void {
    for (const [key, pool] of this.#pools) {
      if (pool.size > 0 || pool.pending > 0 || pool.borrowed > 0) continue;
      this.#pools.delete(key);
      void closePool(pool);
    }
  }
}

async function closePool(pool: Pool<SapConnection>): Promise<void> {
  await pool.drain();
  await pool.clear();
}
