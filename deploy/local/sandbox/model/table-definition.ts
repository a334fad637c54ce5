import type { Field } from "./field.ts";

/** What is stored, whatever services show it. */
export interface TableDefinition {
  readonly name: string;
  readonly keys: readonly string[];
  readonly fields: readonly Field[];
  /** Fields that rows are looked up by, besides the key. */
  readonly indexes: readonly string[];
}
