/** What all workers of the fleet share, such as Redis: texts by key, each for a limited time. Rejects while it is away. */
export interface SharedStore {
  readonly get: (key: string) => Promise<string | undefined>;
  readonly set: (key: string, value: string, ttlMs: number) => Promise<void>;
  /** Takes a lock that nobody holds and returns how to give it back; it ends by itself after `ttlMs`. */
  readonly lock: (key: string, ttlMs: number) => Promise<(() => Promise<void>) | undefined>;
}
