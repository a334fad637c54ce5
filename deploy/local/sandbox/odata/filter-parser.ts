import type { ODataVersion } from "../model/service-definition.ts";
import type { Comparator, FilterExpression } from "./filter-expression.ts";
import { scanLiteral } from "./odata-literal.ts";
import type { ODataLiteral } from "./odata-literal.ts";
import { refuse } from "./sap-error.ts";

// Deep enough for any real filter, and far from the end of the stack.
const maxDepth = 200;

const pathPattern = /\$?[A-Za-z_][\w]*(?:\/\$?[A-Za-z_][\w]*)*/y;
const comparatorPattern = / +(eq|ne|gt|ge|lt|le) +/y;

/** Parses a decoded `$filter` by recursive descent. @throws SapError with the position of what is wrong. */
export function parseFilter(text: string, version: ODataVersion): FilterExpression {
  const parser = new FilterParser(text, version);
  const expression = parser.parseOr();
  parser.expectEnd();
  return expression;
}

class FilterParser {
  readonly #text: string;
  readonly #version: ODataVersion;
  #at = 0;
  #depth = 0;

  constructor(text: string, version: ODataVersion) {
    this.#text = text;
    this.#version = version;
  }

  parseOr(): FilterExpression {
    if (++this.#depth > maxDepth) throw refuse("bad-syntax", "The expression of $filter is nested too deeply");
    let left = this.#parseAnd();
    while (this.#takeWord("or")) left = { kind: "or", left, right: this.#parseAnd() };
    this.#depth--;
    return left;
  }

  expectEnd(): void {
    this.#skipSpaces();
    if (this.#at < this.#text.length) throw this.#refuseHere();
  }

  #parseAnd(): FilterExpression {
    let left = this.#parseNot();
    while (this.#takeWord("and")) left = { kind: "and", left, right: this.#parseNot() };
    return left;
  }

  #parseNot(): FilterExpression {
    this.#skipSpaces();
    if (!/^not[ (]/.test(this.#text.slice(this.#at, this.#at + 4))) return this.#parseComparison();
    this.#at += 3;
    this.#skipSpaces();
    return { kind: "not", operand: this.#parseNot() };
  }

  #parseComparison(): FilterExpression {
    const left = this.#parseOperand();
    const operator = this.#match(comparatorPattern)?.[1];
    if (operator !== undefined)
      return { kind: "comparison", operator: operator as Comparator, left, right: this.#parseOperand() };
    if (this.#version === "V4" && this.#takeWord("in")) return { kind: "in", left, options: this.#parseOptions() };
    return left;
  }

  #parseOptions(): ODataLiteral[] {
    this.#expect("(");
    const options: ODataLiteral[] = [];
    do options.push(this.#parseLiteral() ?? this.#fail());
    while (this.#take(","));
    this.#expect(")");
    return options;
  }

  #parseOperand(): FilterExpression {
    this.#skipSpaces();
    if (this.#take("(")) {
      const inner = this.parseOr();
      this.#expect(")");
      return inner;
    }
    const literal = this.#parseLiteral();
    if (literal !== undefined) return { kind: "literal", literal };
    const path = this.#match(pathPattern)?.[0];
    if (path === undefined) throw this.#refuseHere();
    return this.#text[this.#at] === "(" ? this.#parseCall(path) : { kind: "path", segments: path.split("/") };
  }

  #parseCall(path: string): FilterExpression {
    this.#expect("(");
    const segments = path.split("/");
    const name = segments.at(-1) as string;
    if (segments.length > 1 && (name === "any" || name === "all"))
      return this.#parseLambda(name, segments.slice(0, -1));
    const args: FilterExpression[] = [];
    if (!this.#take(")")) {
      do args.push(this.parseOr());
      while (this.#take(","));
      this.#expect(")");
    }
    return { kind: "call", name: path, args };
  }

  #parseLambda(quantifier: "any" | "all", segments: readonly string[]): FilterExpression {
    if (quantifier === "any" && this.#take(")"))
      return { kind: "lambda", quantifier, segments, variable: "", predicate: undefined };
    this.#skipSpaces();
    const variable = this.#match(/[A-Za-z_]\w*/y)?.[0] ?? this.#fail();
    this.#expect(":");
    const predicate = this.parseOr();
    this.#expect(")");
    return { kind: "lambda", quantifier, segments, variable, predicate };
  }

  #parseLiteral(): ODataLiteral | undefined {
    this.#skipSpaces();
    const found = scanLiteral(this.#text, this.#at, this.#version);
    if (found !== undefined) this.#at = found.end;
    return found?.literal;
  }

  /** Takes ` word ` when it comes next; a word operator needs a space or a parenthesis after it. */
  #takeWord(word: string): boolean {
    return (
      this.#match(word === "in" ? / +in(?= *\()/y : word === "or" ? / +or(?=[ (])/y : / +and(?=[ (])/y) !== undefined
    );
  }

  #take(character: string): boolean {
    this.#skipSpaces();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #expect(character: string): void {
    if (!this.#take(character)) throw this.#refuseHere();
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#at = pattern.lastIndex;
    return match;
  }

  #skipSpaces(): void {
    while (this.#text[this.#at] === " ") this.#at++;
  }

  #fail(): never {
    throw this.#refuseHere();
  }

  #refuseHere() {
    const found =
      this.#at < this.#text.length ? `Invalid token '${this.#text.slice(this.#at, this.#at + 20)}'` : "Unexpected end";
    return refuse("bad-syntax", `${found} at position ${this.#at} of $filter`, "$filter");
  }
}
