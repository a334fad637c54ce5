import { distance } from "fastest-levenshtein";

/** The valid names most like the given one, best first: those that contain it or differ in a few letters. */
export function nearestNames(name: string, valid: readonly string[], count = 3): string[] {
  const wanted = name.toLowerCase();
  return valid
    .map((candidate) => {
      const lower = candidate.toLowerCase();
      return { candidate, cost: lower.includes(wanted) ? 0 : distance(wanted, lower) };
    })
    .toSorted((a, b) => a.cost - b.cost)
    .slice(0, count)
    .map(({ candidate }) => candidate);
}
