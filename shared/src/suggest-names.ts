import { distance } from "fastest-levenshtein";

/** The valid names that are nearest to a wrong one, nearest first; a name that contains it counts as near. */
export function suggestNames(wrong: string, valid: Iterable<string>, limit = 5): string[] {
  const sought = wrong.toLowerCase().slice(0, 200);
  const ranked = [...valid].map((name) => ({ name, remoteness: remotenessOf(name.toLowerCase(), sought) }));
  return ranked
    .toSorted((a, b) => a.remoteness - b.remoteness || (a.name < b.name ? -1 : 1))
    .slice(0, limit)
    .map(({ name }) => name);
}

/** A sentence for the guidance of a failure; `guide` says where all valid names are found. */
export function nearestNames(wrong: string, valid: Iterable<string>, guide: string): string {
  const names = suggestNames(wrong, valid);
  return names.length === 0 ? guide : `Nearest: ${names.join(", ")}. ${guide}`;
}

function remotenessOf(name: string, sought: string): number {
  const letters = distance(name, sought);
  return name.includes(sought) && sought !== "" ? Math.min(letters, 1) : letters;
}
