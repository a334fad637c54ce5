import type { BinaryOperator, FilterNode } from "./filter-tree.ts";
import { isArithmetic, isComparator } from "./filter-tree.ts";
import { refuseQuery } from "./refused-query.ts";
import { scanFilter } from "./scan-filter.ts";
import type { FilterToken } from "./scan-filter.ts";

const maxDepth = 100;

/** What takes the place of words that OData does not have. */
const foreignWords: Readonly<Record<string, string>> = {
  like: "Write contains(Name,'text'), startswith(Name,'text') or endswith(Name,'text').",
  contains: "Write contains(Name,'text').",
  startswith: "Write startswith(Name,'text').",
  endswith: "Write endswith(Name,'text').",
  is: "Write Name eq null or Name ne null.",
  between: "Write Price ge 1 and Price le 9.",
};

interface Reader {
  readonly tokens: readonly FilterToken[];
  readonly corrections: string[];
  at: number;
  depth: number;
}

/** Reads a filter text; `corrections` says where its spelling was that of another language. Throws through `refuseQuery`. */
export function parseFilter(text: string): { readonly node: FilterNode; readonly corrections: string[] } {
  const reader: Reader = { ...scanFilter(text), at: 0, depth: 0 };
  const node = parseOr(reader);
  if (peek(reader).kind !== "end") refuseHere(reader, "and, or, or the end of the filter");
  return { node, corrections: reader.corrections };
}

function parseOr(reader: Reader): FilterNode {
  reader.depth += 1;
  if (reader.depth > maxDepth) refuseQuery(`The filter is nested more than ${maxDepth} levels deep.`);
  const operands = [parseAnd(reader)];
  while (takeWord(reader, "or")) operands.push(parseAnd(reader));
  reader.depth -= 1;
  return operands.length === 1 ? (operands[0] as FilterNode) : { kind: "or", operands };
}

function parseAnd(reader: Reader): FilterNode {
  const operands = [parseNot(reader)];
  while (takeWord(reader, "and")) operands.push(parseNot(reader));
  return operands.length === 1 ? (operands[0] as FilterNode) : { kind: "and", operands };
}

function parseNot(reader: Reader): FilterNode {
  let negations = 0;
  while (takeWord(reader, "not")) negations += 1;
  let node = parseComparison(reader);
  for (; negations > 0; negations -= 1) node = { kind: "not", operand: node };
  return node;
}

function parseComparison(reader: Reader): FilterNode {
  const left = parseArithmetic(reader);
  const word = wordOf(peek(reader));
  if (word === "in") {
    takeWord(reader, "in");
    return { kind: "in", left, options: parseList(reader) };
  }
  if (!isComparator(word) && word !== "has") return left;
  takeWord(reader, word);
  return { kind: "binary", operator: word, left, right: parseArithmetic(reader) };
}

/** Reads from left to right; parentheses stay where they were, so precedence is left to SAP. */
function parseArithmetic(reader: Reader): FilterNode {
  let left = parseOperand(reader);
  for (let word = wordOf(peek(reader)); isArithmetic(word); word = wordOf(peek(reader))) {
    takeWord(reader, word);
    left = { kind: "binary", operator: word as BinaryOperator, left, right: parseOperand(reader) };
  }
  return left;
}

function parseOperand(reader: Reader): FilterNode {
  const token = peek(reader);
  reader.at += 1;
  if (token.kind === "text") return { kind: "literal", value: token.text, written: token.written, quoted: true };
  if (token.kind === "value") {
    const isNull = token.text.toLowerCase() === "null";
    return { kind: "literal", value: isNull ? null : token.text, written: token.written, quoted: false };
  }
  if (token.kind === "name")
    return takeSymbol(reader, "(") ? parseCall(reader, token) : { kind: "path", path: token.text };
  if (token.text === "(") {
    const operand = parseOr(reader);
    expectSymbol(reader, ")");
    return { kind: "group", operand };
  }
  reader.at -= 1;
  return refuseHere(reader, "a field, a value or (");
}

function parseCall(reader: Reader, { text }: FilterToken): FilterNode {
  const slash = text.lastIndexOf("/");
  const last = text.slice(slash + 1).toLowerCase();
  if (slash !== -1 && (last === "any" || last === "all")) return parseLambda(reader, text.slice(0, slash), last);
  const args: FilterNode[] = [];
  if (takeSymbol(reader, ")")) return { kind: "call", name: text, args };
  do args.push(parseOr(reader));
  while (takeSymbol(reader, ","));
  expectSymbol(reader, ")");
  return { kind: "call", name: text, args };
}

function parseLambda(reader: Reader, path: string, quantifier: "any" | "all"): FilterNode {
  if (quantifier === "any" && takeSymbol(reader, ")")) return { kind: "lambda", path, quantifier, variable: "" };
  const { kind, text } = peek(reader);
  const colon = reader.tokens[reader.at + 1];
  if (kind !== "name" || !/^[\p{L}_][\p{L}\p{Nd}_]*$/u.test(text) || colon?.text !== ":")
    refuseHere(reader, `a variable and a colon: ${path}/${quantifier}(x:x/Name eq 'a')`);
  reader.at += 2;
  const predicate = parseOr(reader);
  expectSymbol(reader, ")");
  return { kind: "lambda", path, quantifier, variable: text, predicate };
}

function parseList(reader: Reader): FilterNode[] {
  expectSymbol(reader, "(");
  const options: FilterNode[] = [];
  do {
    const option = parseOperand(reader);
    if (option.kind !== "literal")
      refuseQuery("The list behind in must hold values only.", "Write Country in ('DE','FR').");
    options.push(option);
  } while (takeSymbol(reader, ","));
  expectSymbol(reader, ")");
  return options;
}

function peek(reader: Reader): FilterToken {
  return reader.tokens[reader.at] as FilterToken;
}

function wordOf({ kind, text }: FilterToken): string {
  return kind === "name" ? text.toLowerCase() : "";
}

function takeWord(reader: Reader, word: string): boolean {
  const token = peek(reader);
  if (wordOf(token) !== word) return false;
  if (token.text !== word) reader.corrections.push(`${token.text} → ${word}`);
  reader.at += 1;
  return true;
}

function takeSymbol(reader: Reader, symbol: string): boolean {
  const token = peek(reader);
  if (token.kind !== "symbol" || token.text !== symbol) return false;
  reader.at += 1;
  return true;
}

function expectSymbol(reader: Reader, symbol: string): void {
  if (!takeSymbol(reader, symbol)) refuseHere(reader, symbol);
}

function refuseHere(reader: Reader, expected: string): never {
  const { kind, written, at } = peek(reader);
  const found = kind === "end" ? "it ends" : `it has ${written.slice(0, 40)}`;
  const word = wordOf(peek(reader));
  return refuseQuery(
    `The filter can't be read at position ${at}: ${found} where ${expected} is expected.`,
    Object.hasOwn(foreignWords, word)
      ? foreignWords[word]
      : "Write a filter such as Country eq 'DE' and (Amount gt 5 or contains(Name,'x')).",
  );
}
