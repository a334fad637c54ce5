import type { FilterExpression } from "./filter-expression.ts";
import type { Transformation } from "./apply-parser.ts";

export interface OrderBy {
  readonly path: readonly string[];
  readonly descending: boolean;
}

/** The query options of a request, or of one navigation that is expanded. */
export interface QueryOptions {
  readonly filter?: FilterExpression;
  readonly apply?: readonly Transformation[];
  readonly orderBy: readonly OrderBy[];
  readonly top?: number;
  readonly skip: number;
  /** Rows already sent by earlier pages of a server-driven paging. */
  readonly skipToken: number;
  readonly count: boolean;
  readonly search?: string;
  /** Fields to send; all of them when absent. */
  readonly select?: ReadonlySet<string>;
  readonly expand: ReadonlyMap<string, QueryOptions>;
}

export const noOptions: QueryOptions = { orderBy: [], skip: 0, skipToken: 0, count: false, expand: new Map() };
