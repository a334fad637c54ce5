import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "@sap-mcp/shared/logger.ts";
import { succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { z } from "zod";
import { modelFormat, packModel, unpackModel } from "../odata/pack-model.ts";
import type { CompiledModel } from "./compile-metadata.ts";
import type { SharedStore } from "./shared-store.ts";

/** A model with the hash of its document and the ETag by which SAP tells whether it still holds. */
export interface KnownModel extends CompiledModel {
  readonly hash: string;
  readonly etag: string | undefined;
}

export interface FleetModelsOptions {
  readonly store: SharedStore;
  /** How long a model is good for without asking SAP, in ms. */
  readonly ttlMs: number;
  readonly log: Logger;
}

export interface ModelRequest {
  /** Destination, tenant and path of the service. */
  readonly key: string;
  /** What this process knew last. */
  readonly stale: KnownModel | undefined;
  readonly signal: AbortSignal;
  readonly refresh: (last: KnownModel | undefined) => Promise<Outcome<KnownModel>>;
}

/** Which document a service had when SAP was asked last. */
const pointerSchema = z.object({ hash: z.string(), etag: z.string().optional(), freshUntil: z.number() });
type Pointer = z.output<typeof pointerSchema>;

/** Long enough for SAP to answer; who holds the lock and dies keeps nobody waiting for longer. */
const lockMs = 30_000;
const pollMs = 50;
/** What was known is kept for a week, so that an ETag can still save the transfer. */
const keepMs = 7 * 86_400_000;
const storeTimeoutMs = 2_000;

/**
 * Models as the whole fleet shares them: by service which document it has, by content hash the model of it. One process
 * asks SAP while the others wait for what it finds. Where the store fails, each process asks SAP itself.
 */
export class FleetModels {
  readonly #options: FleetModelsOptions;

  constructor(options: FleetModelsOptions) {
    this.#options = options;
  }

  async load({ key, stale, signal, refresh }: ModelRequest): Promise<Outcome<KnownModel>> {
    const startedAt = Date.now();
    let last = stale;
    while (!signal.aborted && Date.now() - startedAt < lockMs) {
      const pointer = await this.#readPointer(key);
      if (pointer === "failed") break;
      if (pointer !== undefined) last = (await this.#readModel(pointer, last)) ?? last;
      if (pointer !== undefined && pointer.freshUntil > Date.now() && last?.hash === pointer.hash) return succeed(last);
      const unlock = await this.#try((store) => store.lock(`metadata-lock:${key}`, lockMs));
      if (unlock === "failed") break;
      if (unlock !== undefined) return this.#refreshLocked({ key, stale: last, signal, refresh }, unlock);
      await delay(pollMs, undefined, { signal }).catch(() => undefined);
    }
    return refresh(last);
  }

  async #refreshLocked(
    { key, stale, refresh }: ModelRequest,
    unlock: () => Promise<void>,
  ): Promise<Outcome<KnownModel>> {
    try {
      // Whoever had the lock before may have found it since this process looked.
      const pointer = await this.#readPointer(key);
      if (pointer !== "failed" && pointer !== undefined && pointer.freshUntil > Date.now()) {
        const found = await this.#readModel(pointer, stale);
        if (found !== undefined) return succeed(found);
      }
      const known = await refresh(stale);
      if (!known.ok) return known;
      await this.#write(key, known.value);
      const { packed: _sent, ...kept } = known.value;
      return succeed(kept);
    } finally {
      await this.#try(unlock);
    }
  }

  async #write(key: string, { hash, etag, model, packed }: KnownModel): Promise<void> {
    const pointer: Pointer = {
      hash,
      ...(etag !== undefined && { etag }),
      freshUntil: Date.now() + this.#options.ttlMs,
    };
    // The model first: who finds the pointer must find the model too.
    await this.#try((store) => store.set(modelKey(hash), packed ?? packModel(model), keepMs));
    await this.#try((store) => store.set(`metadata:${key}`, JSON.stringify(pointer), keepMs));
  }

  async #readPointer(key: string): Promise<Pointer | "failed" | undefined> {
    const text = await this.#try((store) => store.get(`metadata:${key}`));
    if (text === undefined || text === "failed") return text;
    const parsed = pointerSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  }

  async #readModel({ hash, etag }: Pointer, stale: KnownModel | undefined): Promise<KnownModel | undefined> {
    if (stale?.hash === hash) return { ...stale, etag };
    const packed = await this.#try((store) => store.get(modelKey(hash)));
    return packed === undefined || packed === "failed" ? undefined : { model: unpackModel(packed), hash, etag };
  }

  async #try<T>(ask: (store: SharedStore) => Promise<T>): Promise<T | "failed"> {
    const { store, log } = this.#options;
    const late = AbortSignal.timeout(storeTimeoutMs);
    const { promise: expired, reject } = Promise.withResolvers<never>();
    late.addEventListener("abort", () => reject(late.reason as Error), { once: true });
    try {
      return await Promise.race([ask(store), expired]);
    } catch (error) {
      log.warn({ err: error }, "models of the fleet are out of reach");
      return "failed";
    }
  }
}

function modelKey(hash: string): string {
  return `model:${modelFormat}:${hash}`;
}
