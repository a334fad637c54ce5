type Work = (xml: string) => unknown;

/** Median time in ms that each way takes for all documents; the ways take turns, so that neither has the quieter machine. */
export function measureInTurns<Way extends string>(
  ways: Readonly<Record<Way, Work>>,
  documents: readonly string[],
  rounds: number,
): Record<Way, number> {
  const names = Object.keys(ways) as Way[];
  const times = new Map<Way, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const startedAt = performance.now();
      for (const xml of documents) ways[name](xml);
      times.get(name)?.push(performance.now() - startedAt);
    }
  }
  return Object.fromEntries(names.map((name) => [name, medianOf(times.get(name) ?? [])])) as Record<Way, number>;
}

function medianOf(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
