import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { Worker } from "node:worker_threads";
import { unpackModel } from "../odata/pack-model.ts";
import { parseMetadata } from "../odata/parse-metadata.ts";
import type { ServiceModel } from "../odata/service-model.ts";
import { waitWithin } from "./wait-within.ts";

/** A model, and the text in which it is shared, where the way here made one. */
export interface CompiledModel {
  readonly model: ServiceModel;
  readonly packed?: string;
}

export interface ThreadReply {
  readonly id: number;
  readonly outcome: Outcome<string>;
}

/** From here on a document takes so long that other calls would feel it: some 3 ms on a slow machine. */
const largeCharacters = 200_000;
const timeoutMs = 30_000;

/** Compiles $metadata documents, the large ones in a thread that is started for the first of them. */
export class MetadataCompiler {
  readonly #waiting = new Map<number, (outcome: Outcome<string>) => void>();
  #thread: Worker | undefined;
  #lastId = 0;

  async compile(xml: string, signal: AbortSignal): Promise<Outcome<CompiledModel>> {
    if (xml.length < largeCharacters) {
      const model = parseMetadata(xml);
      return model.ok ? succeed({ model: model.value }) : model;
    }
    const waited = await waitWithin(this.#askThread(xml), signal);
    if (!waited.ok) return waited;
    const packed = waited.value;
    return packed.ok ? succeed({ model: unpackModel(packed.value), packed: packed.value }) : packed;
  }

  /** Ends the thread; what it was at is answered with a failure. */
  async close(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.terminate();
  }

  #askThread(xml: string): Promise<Outcome<string>> {
    const thread = (this.#thread ??= this.#startThread());
    const id = (this.#lastId += 1);
    const { promise, resolve } = Promise.withResolvers<Outcome<string>>();
    // A document that keeps the thread busy so long is none that a service would have.
    const timer = setTimeout(() => this.#giveUp(thread, `reading it took more than ${timeoutMs} ms`), timeoutMs);
    this.#waiting.set(id, (outcome) => {
      clearTimeout(timer);
      this.#waiting.delete(id);
      resolve(outcome);
    });
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    thread.postMessage({ id, xml });
    return promise;
  }

  #startThread(): Worker {
    // Beside the source is the source of the thread, beside the bundle its bundle.
    const file = import.meta.url.endsWith(".ts") ? "./metadata-thread.ts" : "./metadata-thread.js";
    const thread = new Worker(new URL(file, import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: 512 } });
    thread.unref();
    thread.on("message", ({ id, outcome }: ThreadReply) => this.#waiting.get(id)?.(outcome));
    thread.on("error", (error) => this.#giveUp(thread, error.message));
    thread.on("exit", () => this.#giveUp(thread, "it was interrupted"));
    return thread;
  }

  #giveUp(thread: Worker, reason: string): void {
    if (this.#thread === thread) this.#thread = undefined;
    void thread.terminate();
    for (const answer of this.#waiting.values())
      answer(fail("bad-answer", `The $metadata document of the service can't be read: ${reason}.`));
  }
}
