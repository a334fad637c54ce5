import type { Database } from "../data/database.ts";
import type { Values } from "../model/field.ts";

/** Who changes what, for rules that look around. */
export interface ChangeContext {
  readonly database: Database;
  readonly user: string;
}

/** What the application does and refuses when rows of a table change, whichever service it comes through. */
export interface TableRules {
  /** Fills in what SAP fills in. `given` holds what the client sent. */
  readonly prepareCreate?: (given: Values, context: ChangeContext) => Values;
  readonly prepareUpdate?: (before: Values, after: Values, context: ChangeContext) => Values;
  readonly checkDelete?: (before: Values, context: ChangeContext) => void;
  /** Brings along what depends on a row that was written or deleted. */
  readonly afterChange?: (values: Values, context: ChangeContext) => void;
}
