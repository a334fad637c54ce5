import type { Row } from "./format-key.ts";

const maxChanges = 12;
const maxLength = 80;

/** What differs between two states of an entity, as `Field: before → now`; what is nested in them is left out. */
export function describeChanges(before: Row, now: Row): string[] {
  const changes = [...new Set([...Object.keys(before), ...Object.keys(now)])].flatMap((name) => {
    const [was, is] = [before[name], now[name]];
    if (isNested(was) || isNested(is) || was === is) return [];
    return [`${name}: ${show(was)} → ${show(is)}`];
  });
  if (changes.length <= maxChanges) return changes;
  return [...changes.slice(0, maxChanges), `${changes.length - maxChanges} more fields`];
}

/** The fields of the names, and those that tell who changed the entity last and when, as `Field: value`. */
export function describeNow(row: Row, names: readonly string[]): string[] {
  return Object.entries(row)
    .filter(([name, value]) => !isNested(value) && (names.includes(name) || /^(last)?chang|^modified/i.test(name)))
    .slice(0, maxChanges)
    .map(([name, value]) => `${name}: ${show(value)}`);
}

function isNested(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function show(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
}
