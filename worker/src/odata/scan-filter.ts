import { refuseQuery } from "./refused-query.ts";

/** A piece of a filter; `text` is without quotes, and with the spelling of OData where the filter had another. */
export interface FilterToken {
  readonly kind: "text" | "value" | "name" | "symbol" | "end";
  readonly text: string;
  readonly written: string;
  readonly at: number;
}

export interface ScannedFilter {
  readonly tokens: readonly FilterToken[];
  readonly corrections: string[];
}

/** Operators of other languages. */
const operators: Readonly<Record<string, string>> = {
  "==": "eq",
  "=": "eq",
  "!=": "ne",
  "<>": "ne",
  ">": "gt",
  ">=": "ge",
  "<": "lt",
  "<=": "le",
  "&&": "and",
  "||": "or",
  "!": "not",
};

const patterns: readonly (readonly [FilterToken["kind"], RegExp])[] = [
  // datetime'…', guid'…', X'…', and enumerations such as my.Status'Open'.
  ["value", /[A-Za-z_][\w.]*'(?:[^']|'')*'/y],
  ["value", /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])/iy],
  ["value", /\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?(?![\w:-])/iy],
  ["value", /\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?![\w:])/y],
  ["value", /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?[mldf]?(?![\w.])/iy],
  ["value", /(?:null|true|false|NaN|-?INF)(?![\w./(])/iy],
  ["name", /[$\p{L}_][\p{L}\p{Nd}_.]*(?:\/\$?[\p{L}_][\p{L}\p{Nd}_.]*)*/uy],
  ["symbol", /==|!=|<>|>=|<=|&&|\|\||[=<>!(),:]/y],
];

/** Takes a filter apart, whatever the dialect of its quotes and operators. */
export function scanFilter(text: string): ScannedFilter {
  const tokens: FilterToken[] = [];
  const corrections: string[] = [];
  const space = /\s*/y;
  let at = 0;
  for (;;) {
    space.lastIndex = at;
    space.exec(text);
    at = space.lastIndex;
    if (at >= text.length) break;
    const token = text[at] === "'" || text[at] === '"' ? scanText(text, at) : scanToken(text, at);
    const isForeign = token.kind === "symbol" && Object.hasOwn(operators, token.text);
    const meant = isForeign ? (operators[token.text] as string) : token.text;
    tokens.push(isForeign ? { ...token, kind: "name", text: meant } : token);
    if (isForeign) corrections.push(`${token.text} → ${meant}`);
    at += token.written.length;
  }
  tokens.push({ kind: "end", text: "", written: "", at });
  return { tokens, corrections };
}

function scanToken(text: string, at: number): FilterToken {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const [written] = pattern.exec(text) ?? [];
    if (written !== undefined) return { kind, text: written, written, at };
  }
  const shown = String.fromCodePoint(text.codePointAt(at) ?? 0);
  return refuseQuery(`The filter can't be read at position ${at}: ${shown} has no meaning here.`, quotesGuide);
}

const quotesGuide = "Text stands in single quotes, and a quote within it is doubled: Name eq 'O''Neil'.";

/** A text in single or double quotes. A single quote between two letters can't be its end: `'O'Neil'`. */
function scanText(text: string, start: number): FilterToken {
  const quote = text[start] as string;
  let value = "";
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text[at] as string;
    const following = text[at + 1] ?? "";
    if (character !== quote) value += character;
    else if (following === quote) {
      value += quote;
      at += 1;
    } else if (quote === "'" && isLetter(following) && isLetter(text[at - 1] ?? "")) value += quote;
    else return { kind: "text", text: value, written: text.slice(start, at + 1), at: start };
  }
  return refuseQuery(`The filter has a text that begins at position ${start} and does not end.`, quotesGuide);
}

function isLetter(character: string): boolean {
  return /[\p{L}\p{Nd}]/u.test(character);
}
