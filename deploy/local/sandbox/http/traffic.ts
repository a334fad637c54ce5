export interface TrafficStats {
  readonly requests: number;
  readonly concurrent: number;
  readonly maxConcurrent: number;
  readonly openConnections: number;
  readonly maxOpenConnections: number;
  /** Requests that the client gave up before they were answered. */
  readonly aborted: number;
  readonly byStatus: Readonly<Record<string, number>>;
  /** Method and path → requests; what stands in parentheses is left out. */
  readonly byPath: Readonly<Record<string, number>>;
}

const maxPaths = 5_000;

/** Counts what comes in, for tests that ask how a client behaves. */
export class Traffic {
  #requests = 0;
  #concurrent = 0;
  #maxConcurrent = 0;
  #openConnections = 0;
  #maxOpenConnections = 0;
  #aborted = 0;
  readonly #byStatus = new Map<number, number>();
  readonly #byPath = new Map<string, number>();

  begin(method: string, path: string): void {
    this.#requests++;
    this.#concurrent++;
    this.#maxConcurrent = Math.max(this.#maxConcurrent, this.#concurrent);
    const name = `${method} ${path.replaceAll(/\([^/]*\)/g, "()")}`;
    if (this.#byPath.has(name) || this.#byPath.size < maxPaths)
      this.#byPath.set(name, (this.#byPath.get(name) ?? 0) + 1);
  }

  /** `status` is absent when the client went away before the answer was written. */
  end(status: number | undefined): void {
    this.#concurrent--;
    if (status === undefined) this.#aborted++;
    else this.#byStatus.set(status, (this.#byStatus.get(status) ?? 0) + 1);
  }

  connectionOpened(): void {
    this.#openConnections++;
    this.#maxOpenConnections = Math.max(this.#maxOpenConnections, this.#openConnections);
  }

  connectionClosed(): void {
    this.#openConnections--;
  }

  stats(): TrafficStats {
    return {
      requests: this.#requests,
      concurrent: this.#concurrent,
      maxConcurrent: this.#maxConcurrent,
      openConnections: this.#openConnections,
      maxOpenConnections: this.#maxOpenConnections,
      aborted: this.#aborted,
      byStatus: Object.fromEntries(this.#byStatus),
      byPath: Object.fromEntries(this.#byPath),
    };
  }

  /** Forgets the past; what is open stays counted. */
  reset(): void {
    this.#requests = 0;
    this.#maxConcurrent = this.#concurrent;
    this.#maxOpenConnections = this.#openConnections;
    this.#aborted = 0;
    this.#byStatus.clear();
    this.#byPath.clear();
  }
}
