import type { Attributes } from "./declarations.ts";

/** The attributes of one element. They are few, so looking through them takes less time than hashing, and much less to fill. */
export class AttributeList implements Attributes {
  readonly #names: string[] = [];
  readonly #values: string[] = [];

  get(name: string): string | undefined {
    const names = this.#names;
    for (let at = 0; at < names.length; at += 1) if (names[at] === name) return this.#values[at];
    return undefined;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  add(name: string, value: string): void {
    this.#names.push(name);
    this.#values.push(value);
  }

  *[Symbol.iterator](): Generator<[string, string]> {
    for (const [at, name] of this.#names.entries()) yield [name, this.#values[at] ?? ""];
  }
}
