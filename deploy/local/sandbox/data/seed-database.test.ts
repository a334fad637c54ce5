import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { addDecimals } from "./decimal.ts";
import { Database } from "./database.ts";
import { seedDatabase } from "./seed-database.ts";

function fingerprint(): string {
  const rows = seedDatabase().map((table) => table.rows);
  const text = JSON.stringify(rows, (_name, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
  return createHash("sha256").update(text).digest("hex");
}

test("the data is the same on every machine and in every year", () => {
  expect(fingerprint()).toBe("fb4ee5b41712eec1789a48d4192ce1864d483e82679ff63405be232d5fe6be34");
});

test("there is enough of everything, and keys are unique", () => {
  const seed = seedDatabase();
  const database = new Database(seed);
  for (const { definition, rows } of seed) expect(database.table(definition.name).size).toBe(rows.length);
  const size = (name: string) => database.table(name).size;
  expect(size("businessPartner")).toBeGreaterThanOrEqual(2_000);
  expect(size("product")).toBeGreaterThanOrEqual(500);
  expect(size("salesOrder")).toBe(5_000);
  expect(size("salesOrderItem")).toBeGreaterThan(14_000);
});

test("the net value of an order is the exact sum of its items", () => {
  const database = new Database(seedDatabase());
  for (const order of database.table("salesOrder").rows()) {
    const items = database.table("salesOrderItem").find("SalesOrder", order.values["SalesOrder"] ?? null);
    expect(order.values["TotalNetAmount"]).toBe(
      items.map((item) => String(item.values["NetAmount"])).reduce(addDecimals),
    );
  }
});

test("a change set that fails leaves no trace, and a reset brings the first day back", () => {
  const database = new Database(seedDatabase());
  const table = () => database.table("product");
  const before = table().get("TG0001");
  expect(() =>
    database.transact(() => {
      database.write("product", { ...before?.values, StandardPrice: "1.00" });
      database.remove("product", "TG0002");
      throw new Error("no");
    }),
  ).toThrow("no");
  expect(table().get("TG0001")).toBe(before);
  expect(table().get("TG0002")).toBeDefined();
  database.remove("product", "TG0003");
  database.reset();
  expect(table().get("TG0003")).toBeDefined();
});
