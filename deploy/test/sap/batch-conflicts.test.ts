import { executeBatch } from "@sap-mcp/worker/sap/execute-batch.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeCall, openSapBench, valueOf } from "./sap-bench.ts";
import type { SapBench } from "./sap-bench.ts";

type Requests = Parameters<typeof executeBatch>[1]["requests"];

let bench: SapBench;

beforeEach(async () => {
  bench = await openSapBench();
});

afterEach(() => bench.close());

/** In SAP, and in the sandbox, a change of an item writes its order too, whose ETag is then another. */
describe.each([
  { version: "V2", serviceId: "API_SALES_ORDER_SRV", order: "A_SalesOrder", item: "A_SalesOrderItem", update: "MERGE" },
  { version: "V4", serviceId: "API_SALESORDER", order: "SalesOrder", item: "SalesOrderItem", update: "PATCH" },
])("changes of an order and its items in one batch in $version", ({ serviceId, order, item, update }) => {
  /** Puts the changes into a change set, where one is named. */
  const run = async (requests: Requests, changeSet?: string) => {
    const isRead = ({ operation }: Requests[number]) => operation === "read-single";
    const sent = requests.map((it) => (isRead(it) || changeSet === undefined ? it : { ...it, changeSet }));
    return valueOf(await executeBatch(bench.sap, { serviceId, requests: sent }, makeCall()));
  };
  const changeItem = (SalesOrderItem: string, RequestedQuantity: string) => ({
    operation: "update" as const,
    entityName: item,
    parameters: { SalesOrder: "4001", SalesOrderItem, RequestedQuantity },
  });
  const addItem = {
    operation: "create" as const,
    entityName: item,
    parameters: { SalesOrder: "4001", Material: "TG0352", RequestedQuantity: "1" },
  };
  const changeOrder = (PurchaseOrderByCustomer: string) => ({
    operation: "update" as const,
    entityName: order,
    parameters: { SalesOrder: "4001", PurchaseOrderByCustomer },
  });
  const readOrder = { operation: "read-single" as const, entityName: order, parameters: { SalesOrder: "4001" } };
  const methods = () => bench.sandbox.ledger().map(({ method }) => method);

  it.each([undefined, "all"])(
    "go through whatever their order, each executed once (change set %s)",
    async (changeSet) => {
      const itemFirst = await run([changeItem("10", "7"), changeOrder("A"), readOrder], changeSet);
      expect(itemFirst.results.map(({ failure }) => failure)).toEqual([undefined, undefined, undefined]);
      expect(itemFirst.results[2]?.entity).toMatchObject({ PurchaseOrderByCustomer: "A" });
      expect(methods()).toEqual([update, update]);
      expect((await run([changeOrder("B"), changeItem("10", "8")], changeSet)).failed).toBe(0);
      const created = await run([addItem, changeOrder("C"), changeItem("10", "9"), readOrder], changeSet);
      expect(created).toMatchObject({
        failed: 0,
        results: [
          { operation: "create", entity: { Material: "TG0352" } },
          {},
          {},
          { entity: { PurchaseOrderByCustomer: "C" } },
        ],
      });
      expect(methods().toSorted()).toEqual([...Array<string>(6).fill(update), "POST"].toSorted());
    },
  );

  it.each([undefined, "all"])(
    "are not forced on an order that somebody else changed (change set %s)",
    async (changeSet) => {
      bench.sandbox.addFault({ matching: "$batch", latencyMs: 300 });
      const both = await Promise.all([
        run([changeItem("10", "11"), changeOrder("ONE")], changeSet),
        run([changeItem("10", "12"), changeOrder("TWO")], changeSet),
      ]);
      expect(both.reduce((sum, { failed }) => sum + failed, 0)).toBe(2);
      expect(methods()).toEqual([update, update]);
      const lost = both.find(({ failed }) => failed > 0);
      expect(lost?.results.map(({ failure }) => failure?.kind)).toEqual(["conflict", "conflict"]);
      expect(JSON.stringify(lost?.results)).toContain("changed in SAP meanwhile");
    },
  );

  it("say that they collide where no order of theirs can work", async () => {
    const remove = { operation: "delete" as const, entityName: order, parameters: { SalesOrder: "4001" } };
    const { failed, results } = await run([changeItem("10", "13"), remove], "both");
    expect(failed).toBe(2);
    expect(results.map(({ failure }) => failure?.guidance).find((it) => it !== undefined)).toContain(
      "one after the other",
    );
    expect(methods()).toEqual([]);
  });

  it("name the request whose entity is not there, by its place and its key", async () => {
    const { failed, results } = await run([changeItem("10", "14"), changeItem("990", "15")], "both");
    expect(failed).toBe(2);
    expect(results[0]?.failure).toEqual({
      kind: "not-found",
      message: `Nothing of change set both was executed, because request 2 (update ${item}(SalesOrder='4001',SalesOrderItem='990')) failed.`,
    });
    expect(results[1]?.failure).toMatchObject({
      message: expect.stringContaining(
        `${item} has no entity with the key SalesOrder "4001", SalesOrderItem "990"`,
      ) as string,
      guidance: expect.stringContaining("leading zeros") as string,
    });
  });
});
