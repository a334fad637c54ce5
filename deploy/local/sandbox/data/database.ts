import type { Row, Values } from "../model/field.ts";
import type { TableDefinition } from "../model/table-definition.ts";
import { Table } from "./table.ts";

export interface SeededTable {
  readonly definition: TableDefinition;
  readonly rows: readonly Row[];
}

/** All tables. Writes go through here, so that a change set can be taken back whole. */
export class Database {
  readonly #seed: readonly SeededTable[];
  #tables: ReadonlyMap<string, Table>;
  #undo: (() => void)[] | undefined;
  readonly #numbers = new Map<string, number>();
  #revision = 0;

  constructor(seed: readonly SeededTable[]) {
    this.#seed = seed;
    this.#tables = fillTables(seed);
  }

  table(name: string): Table {
    const table = this.#tables.get(name);
    if (table === undefined) throw new Error(`there is no table ${name}`);
    return table;
  }

  /** Back to the data of the first day. */
  reset(): void {
    this.#tables = fillTables(this.#seed);
    this.#numbers.clear();
  }

  /** The next number of a range. As in SAP, a number that was drawn by a change that failed is lost. */
  nextNumber(range: string, first: number): number {
    const number = this.#numbers.get(range) ?? first;
    this.#numbers.set(range, number + 1);
    return number;
  }

  write(tableName: string, values: Values): Row {
    const table = this.table(tableName);
    const key = table.keyOf(values);
    const before = table.get(key);
    const row = { values, stamp: this.#nextStamp() };
    table.put(row);
    this.#undo?.push(() => (before === undefined ? table.remove(key) : table.put(before)));
    return row;
  }

  remove(tableName: string, key: string): void {
    const table = this.table(tableName);
    const before = table.get(key);
    if (before === undefined) return;
    table.remove(key);
    this.#undo?.push(() => table.put(before));
  }

  /** Runs `work`; when it throws, everything it wrote is taken back. May be nested: the outermost one decides. */
  transact<T>(work: () => T): T {
    if (this.#undo !== undefined) return work();
    const undo: (() => void)[] = [];
    this.#undo = undo;
    try {
      return work();
    } catch (error) {
      for (const step of undo.toReversed()) step();
      throw error;
    } finally {
      this.#undo = undefined;
    }
  }

  /** Two writes within a millisecond must still differ, or a stale ETag would pass. */
  #nextStamp(): string {
    this.#revision = (this.#revision + 1) % 10_000;
    return `${new Date().toISOString().slice(0, -1)}${String(this.#revision).padStart(4, "0")}Z`;
  }
}

function fillTables(seed: readonly SeededTable[]): ReadonlyMap<string, Table> {
  return new Map(seed.map(({ definition, rows }) => [definition.name, new Table(definition, rows)]));
}
