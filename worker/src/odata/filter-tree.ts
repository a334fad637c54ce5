/** A filter as a tree, whether it came as text or as JSON. */
export type FilterNode =
  | { readonly kind: "and" | "or"; readonly operands: readonly FilterNode[] }
  | { readonly kind: "not" | "group"; readonly operand: FilterNode }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: FilterNode;
      readonly right: FilterNode;
    }
  | { readonly kind: "in"; readonly left: FilterNode; readonly options: readonly FilterNode[] }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly FilterNode[] }
  | LambdaNode
  | { readonly kind: "path"; readonly path: string }
  | LiteralNode;

export interface LambdaNode {
  readonly kind: "lambda";
  readonly path: string;
  readonly quantifier: "any" | "all";
  readonly variable: string;
  /** Absent in `Items/any()`. */
  readonly predicate?: FilterNode;
}

export interface LiteralNode {
  readonly kind: "literal";
  readonly value: unknown;
  /** How a literal stood in a text, and whether it was in quotes there. */
  readonly written?: string;
  readonly quoted?: boolean;
}

export const comparators = ["eq", "ne", "gt", "ge", "lt", "le"] as const;
const arithmetic = ["add", "sub", "mul", "div", "divby", "mod"] as const;

export type Comparator = (typeof comparators)[number];
export type BinaryOperator = Comparator | "has" | (typeof arithmetic)[number];

export function isComparator(word: string): word is Comparator {
  return comparators.some((it) => it === word);
}

export function isArithmetic(word: string): boolean {
  return arithmetic.some((it) => it === word);
}
