import type { ODataLiteral } from "./odata-literal.ts";

export type Comparator = "eq" | "ne" | "gt" | "ge" | "lt" | "le";

/** What a `$filter` says, before it is held against an entity type. */
export type FilterExpression =
  | { readonly kind: "literal"; readonly literal: ODataLiteral }
  | { readonly kind: "path"; readonly segments: readonly string[] }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly FilterExpression[] }
  | {
      readonly kind: "comparison";
      readonly operator: Comparator;
      readonly left: FilterExpression;
      readonly right: FilterExpression;
    }
  | { readonly kind: "in"; readonly left: FilterExpression; readonly options: readonly ODataLiteral[] }
  | { readonly kind: "and" | "or"; readonly left: FilterExpression; readonly right: FilterExpression }
  | { readonly kind: "not"; readonly operand: FilterExpression }
  | {
      readonly kind: "lambda";
      readonly quantifier: "any" | "all";
      readonly segments: readonly string[];
      readonly variable: string;
      /** Absent in `any()`, which asks whether there is anything at all. */
      readonly predicate: FilterExpression | undefined;
    };
