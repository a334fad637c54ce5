import type { Row, Value, Values } from "../model/field.ts";
import type { TableDefinition } from "../model/table-definition.ts";

/** Rows in memory, found by key and by the indexed fields; they keep the order in which they came. */
export class Table {
  readonly definition: TableDefinition;
  readonly #rows = new Map<string, Row>();
  readonly #indexes: ReadonlyMap<string, Map<Value, Map<string, Row>>>;

  constructor(definition: TableDefinition, rows: readonly Row[]) {
    this.definition = definition;
    this.#indexes = new Map(definition.indexes.map((field) => [field, new Map()]));
    for (const row of rows) this.put(row);
  }

  get size(): number {
    return this.#rows.size;
  }

  /** The key as one string; injective, because no key value contains U+0000. */
  keyOf(values: Values): string {
    const { keys } = this.definition;
    return keys.length === 1
      ? String(values[keys[0] as string])
      : keys.map((name) => String(values[name])).join("\u0000");
  }

  get(key: string): Row | undefined {
    return this.#rows.get(key);
  }

  rows(): Iterable<Row> {
    return this.#rows.values();
  }

  isIndexed(field: string): boolean {
    return this.#indexes.has(field);
  }

  /** The rows whose indexed field has this value. */
  find(field: string, value: Value): readonly Row[] {
    return [...(this.#indexes.get(field)?.get(value)?.values() ?? [])];
  }

  put(row: Row): void {
    const key = this.keyOf(row.values);
    const before = this.#rows.get(key);
    this.#rows.set(key, row);
    for (const [field, index] of this.#indexes) {
      const value = row.values[field] ?? null;
      if (before !== undefined && before.values[field] !== value) index.get(before.values[field] ?? null)?.delete(key);
      const group = index.get(value);
      if (group === undefined) index.set(value, new Map([[key, row]]));
      else group.set(key, row);
    }
  }

  remove(key: string): void {
    const row = this.#rows.get(key);
    if (row === undefined) return;
    this.#rows.delete(key);
    for (const [field, index] of this.#indexes) index.get(row.values[field] ?? null)?.delete(key);
  }
}
