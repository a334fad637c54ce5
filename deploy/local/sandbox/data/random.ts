/** A repeatable stream of numbers in [0, 1): the same seed gives the same data on every machine (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Choices that read well where data is made up. */
export interface Choices {
  /** A whole number in [minimum, maximum]. */
  readonly integer: (minimum: number, maximum: number) => number;
  readonly pick: <T>(options: readonly T[]) => T;
  readonly chance: (probability: number) => boolean;
  readonly guid: () => string;
}

export function createChoices(seed: number): Choices {
  const random = createRandom(seed);
  const integer = (minimum: number, maximum: number) => minimum + Math.floor(random() * (maximum - minimum + 1));
  const word = () =>
    Math.floor(random() * 4_294_967_296)
      .toString(16)
      .padStart(8, "0");
  return {
    integer,
    pick: (options) => options[integer(0, options.length - 1)] as (typeof options)[number],
    chance: (probability) => random() < probability,
    guid: () => {
      const [one, two, three] = [word(), word(), word()];
      return `${word()}-${one.slice(4)}-4${one.slice(1, 4)}-a${two.slice(5)}-${two.slice(0, 4)}${three}`;
    },
  };
}
