const exactScore = 1_000;

/**
 * The items that match the words of a query, best first. Each item offers texts in falling order of weight (id, title, …).
 * When some items match all words, those that match fewer are left out; without words every item is returned in order.
 */
export function rankMatches<T>(
  items: readonly T[],
  query: string | undefined,
  textsOf: (item: T) => readonly (string | undefined)[],
): T[] {
  const words = wordsOf(query);
  if (words.length === 0) return [...items];
  const whole = query?.trim().toLowerCase();
  const scored = items.map((item, order) => ({ item, order, ...scoreOf(textsOf(item), words, whole) }));
  const most = Math.max(0, ...scored.map(({ matched }) => matched));
  return scored
    .filter(({ matched }) => matched > 0 && matched === most)
    .toSorted((a, b) => b.score - a.score || a.order - b.order)
    .map(({ item }) => item);
}

/** The words of a query, in lower case. */
export function wordsOf(query: string | undefined): string[] {
  return (query ?? "")
    .toLowerCase()
    .split(/[\s_,;./-]+/)
    .filter((word) => word !== "");
}

function scoreOf(
  texts: readonly (string | undefined)[],
  words: readonly string[],
  whole: string | undefined,
): { matched: number; score: number } {
  // Who gives a name in full means that one.
  if (texts.some((text) => text?.toLowerCase() === whole)) return { matched: words.length, score: exactScore };
  let matched = 0;
  let score = 0;
  for (const word of words) {
    const best = Math.max(0, ...texts.map((text, at) => weightOfWord(text?.toLowerCase() ?? "", word) / (at + 1)));
    if (best > 0) matched += 1;
    score += best;
  }
  return { matched, score: score / (1 + (texts[0]?.length ?? 0) / 1_000) };
}

/** The singular of an English plural counts nearly as much. */
function weightOfWord(text: string, word: string): number {
  const exact = weightOf(text, word);
  const isPlural = word.length > 3 && word.endsWith("s") && !word.endsWith("ss");
  return isPlural ? Math.max(exact, 0.9 * weightOf(text, word.slice(0, -1))) : exact;
}

function weightOf(text: string, word: string): number {
  if (text === word) return 6;
  if (text.startsWith(word)) return 3;
  return text.includes(word) ? 2 : 0;
}
