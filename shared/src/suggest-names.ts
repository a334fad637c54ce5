import { distance } from "fastest-levenshtein";

/** Of so few valid names, each is worth a look. */
const maxFew = 5;
/** Shorter words, such as `by` and `to`, stand in every other name. */
const minWord = 4;

/** The valid names that are nearest to a wrong one, nearest first; a name that contains it counts as near. */
export function suggestNames(wrong: string, valid: Iterable<string>, limit = 5): string[] {
  const sought = wrong.toLowerCase().slice(0, 200);
  const ranked = [...valid].map((name) => ({ name, remoteness: remotenessOf(name.toLowerCase(), sought) }));
  return ranked
    .toSorted((a, b) => a.remoteness - b.remoteness || (a.name < b.name ? -1 : 1))
    .slice(0, limit)
    .map(({ name }) => name);
}

/**
 * A sentence for the guidance of a failure: the names that are really near, all of them where they are few, or that none
 * is near; `guide` says where all valid names are found.
 */
export function nearestNames(wrong: string, valid: Iterable<string>, guide: string): string {
  const all = [...valid];
  const near = all.filter((name) => isNear(name, wrong.slice(0, 200)));
  if (near.length > 0) return `Nearest: ${suggestNames(wrong, near).join(", ")}. ${guide}`;
  if (all.length === 0) return guide;
  return `${all.length <= maxFew ? `There are: ${all.join(", ")}.` : "No name is near."} ${guide}`;
}

/** Whether not more than half of the letters differ, or a word of the wrong name stands in the other one. */
function isNear(name: string, wrong: string): boolean {
  const candidate = name.toLowerCase();
  const sought = wrong.toLowerCase();
  const words = wrong.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+/gu) ?? [];
  return (
    distance(candidate, sought) <= sought.length / 2 ||
    words.some((word) => word.length >= minWord && candidate.includes(word.toLowerCase()))
  );
}

function remotenessOf(name: string, sought: string): number {
  const letters = distance(name, sought);
  return name.includes(sought) && sought !== "" ? Math.min(letters, 1) : letters;
}
