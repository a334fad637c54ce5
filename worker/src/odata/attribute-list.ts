import type { Attributes } from "./declarations.ts";

/** The attributes of one element. They are few, so looking through them takes less time than hashing, and much less to fill. */
export class AttributeList implements Attributes {
  /** Each name, followed by its value. */
  readonly #pairs: string[] = [];

  get(name: string): string | undefined {
    const pairs = this.#pairs;
    for (let at = 0; at < pairs.length; at += 2) if (pairs[at] === name) return pairs[at + 1];
    return undefined;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  add(name: string, value: string): void {
    this.#pairs.push(name, value);
  }

  *[Symbol.iterator](): Generator<[string, string]> {
    for (let at = 0; at < this.#pairs.length; at += 2) yield [this.#pairs[at] ?? "", this.#pairs[at + 1] ?? ""];
  }
}
