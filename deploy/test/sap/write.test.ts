import { executeOperation } from "@sap-mcp/worker/sap/execute-operation.ts";
import { openSapSystem } from "@sap-mcp/worker/sap/open-sap-system.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failureOf, makeCall, openSapBench, settings, valueOf } from "./sap-bench.ts";
import type { SapBench } from "./sap-bench.ts";

let bench: SapBench;

beforeEach(async () => {
  bench = await openSapBench();
});

afterEach(() => bench.close());

const products = [
  ["V2", { serviceId: "API_PRODUCT_SRV", entityName: "A_Product" }],
  ["V4", { serviceId: "API_PRODUCT", entityName: "Product" }],
] as const;

const fields = { ProductType: "HAWA", BaseUnit: "PC" };

const hostileKeys = [
  "O'Neil's",
  "50% off",
  "A/B",
  "#1",
  "R&D",
  "1+1",
  "Ä ß 漢",
  "a?b=c",
  "a%2Fb",
  "a;b",
  "(x)",
  "a\\b",
  "../..",
  'a"b',
  "' or 1 eq 1",
];

describe.each(products)("writing in %s", (_version, target) => {
  it("creates, changes and deletes, and the ledger of SAP agrees", async () => {
    const created = valueOf(
      await bench.execute({
        ...target,
        operation: "create",
        parameters: { ...fields, Product: "TEST-1", StandardPrice: "12.50" },
      }),
    );
    expect(created.entity).toMatchObject({
      Product: "TEST-1",
      StandardPrice: expect.stringMatching(/^12\.50?$/) as string,
    });
    const changed = valueOf(
      await bench.execute({
        ...target,
        operation: "update",
        parameters: { Product: "TEST-1", StandardPrice: "99.99" },
      }),
    );
    expect(changed.entity).toMatchObject({ Product: "TEST-1", StandardPrice: "99.99", BaseUnit: "PC" });
    const deleted = valueOf(await bench.execute({ ...target, operation: "delete", parameters: { Product: "TEST-1" } }));
    expect(deleted.deleted).toEqual({ Product: "TEST-1" });
    expect(
      failureOf(await bench.execute({ ...target, operation: "read-single", parameters: { Product: "TEST-1" } })).kind,
    ).toBe("not-found");
    expect(bench.sandbox.ledger().map(({ method }) => method)).toEqual([
      "POST",
      target.serviceId === "API_PRODUCT" ? "PATCH" : "MERGE",
      "DELETE",
    ]);
  });

  it("reads back, changes and deletes an entity, whatever characters are in its key", async () => {
    for (const key of hostileKeys) {
      valueOf(await bench.execute({ ...target, operation: "create", parameters: { ...fields, Product: key } }));
      const read = valueOf(await bench.execute({ ...target, operation: "read-single", parameters: { Product: key } }));
      expect(read.entity?.["Product"]).toBe(key);
      valueOf(await bench.execute({ ...target, operation: "update", parameters: { Product: key, ProductGroup: "X" } }));
      valueOf(await bench.execute({ ...target, operation: "delete", parameters: { Product: key } }));
    }
    expect(bench.sandbox.ledger()).toHaveLength(3 * hostileKeys.length);
  });

  it("creates eight entities at the same time, each with a token and session of its own", async () => {
    const created = await Promise.all(
      Array.from({ length: 8 }, (_, at) =>
        bench.execute({ ...target, operation: "create", parameters: { ...fields, Product: `PARALLEL-${at}` } }),
      ),
    );
    expect(created.map(({ ok }) => ok)).toEqual(Array(8).fill(true));
    expect(bench.sandbox.ledger()).toHaveLength(8);
  });

  it("fetches a token once per connection and a new one when the session has expired", async () => {
    const create = (key: string) =>
      bench.execute({ ...target, operation: "create", parameters: { ...fields, Product: key } });
    valueOf(await create("FIRST"));
    valueOf(await create("SECOND"));
    const fetched = () =>
      Object.entries(bench.sandbox.stats().byPath)
        .filter(([path]) => path.startsWith("HEAD"))
        .reduce((sum, [, count]) => sum + count, 0);
    expect(fetched()).toBe(1);
    bench.sandbox.expireSessions();
    valueOf(await create("THIRD"));
    expect(fetched()).toBe(2);
    expect(bench.sandbox.ledger()).toHaveLength(3);
  });

  it("lets one of two changes at the same time win and explains the other", async () => {
    valueOf(await bench.execute({ ...target, operation: "create", parameters: { ...fields, Product: "RACE" } }));
    bench.sandbox.addFault({ matching: "'RACE'", latencyMs: 200 });
    const change = (group: string) =>
      bench.execute({ ...target, operation: "update", parameters: { Product: "RACE", ProductGroup: group } });
    const changes = await Promise.all([change("ONE"), change("TWO")]);
    const lost = changes.filter(({ ok }) => !ok).map(failureOf);
    expect(lost).toMatchObject([
      { kind: "conflict", message: expect.stringMatching(/ProductGroup: "" → "(ONE|TWO)"/) as string },
    ]);
    expect(bench.sandbox.ledger()).toHaveLength(2);
  });

  it("does not say whether a write was made that SAP never answered", async () => {
    valueOf(await bench.execute({ ...target, operation: "create", parameters: { ...fields, Product: "BEFORE" } }));
    bench.sandbox.addFault({ matching: `/${target.entityName}`, closeSocket: true, afterExecution: true, times: 1 });
    const failure = failureOf(
      await bench.execute({ ...target, operation: "create", parameters: { ...fields, Product: "AFTER" } }),
    );
    expect(failure.kind).toBe("outcome-unknown");
    expect(bench.sandbox.ledger()).toHaveLength(2);
  });

  it("brings back SAP's reason for refusing a change", async () => {
    const parameters = { ...fields, Product: "SAME" };
    valueOf(await bench.execute({ ...target, operation: "create", parameters }));
    const failure = failureOf(await bench.execute({ ...target, operation: "create", parameters }));
    expect(["rejected", "conflict"]).toContain(failure.kind);
    expect(failure.message).toContain("already exists");
  });

  it.each([
    [{ operation: "create", parameters: { Produkt: "X" } }, "unknown-property"],
    [{ operation: "create", parameters: { Product: "X", StandardPrice: "12,50" } }, "invalid-input"],
    [{ operation: "update", parameters: { Product: "X" } }, "invalid-input"],
    [{ operation: "update", parameters: { ProductGroup: "X" } }, "invalid-input"],
    [{ operation: "delete", parameters: { Product: "X", ProductGroup: "Y" } }, "unknown-property"],
    [{ operation: "delete", parameters: { Product: "X" }, queryOptions: { $filter: "x" } }, "invalid-input"],
  ] as const)("refuses %j as %s and changes nothing", async (input, kind) => {
    expect(failureOf(await bench.execute({ ...target, ...input })).kind).toBe(kind);
    expect(bench.sandbox.ledger()).toEqual([]);
  });

  it("changes nothing while writing is switched off", async () => {
    const reader = openSapSystem({ ...settings, allowWrites: false });
    for (const operation of ["create", "update", "delete"] as const) {
      const failure = failureOf(
        await executeOperation(reader, { ...target, operation, parameters: { Product: "X" } }, makeCall()),
      );
      expect(failure).toMatchObject({
        kind: "read-only",
        guidance: expect.stringContaining("SAP_ALLOW_WRITES") as string,
      });
    }
    expect(bench.sandbox.stats().requests).toBe(0);
    await reader.close();
  });
});

describe("a write that SAP answers with an outage", () => {
  const create = (failure: object) => {
    const [, [, target]] = products;
    bench.sandbox.addFault({ matching: "/Product", failStatus: 503, ...failure });
    return bench.execute({ ...target, operation: "create", parameters: { ...fields, Product: "TEST-9" } });
  };

  it("has an unknown outcome, since SAP may have executed it", async () => {
    expect(failureOf(await create({ afterExecution: true })).kind).toBe("outcome-unknown");
    expect(bench.sandbox.ledger()).toHaveLength(1);
  });

  it("was not taken where SAP names the time for a repeat", async () => {
    const failure = failureOf(await create({ retryAfterSeconds: 2 }));
    expect(failure).toMatchObject({ kind: "sap-unavailable", retryAfterMs: 2_000 });
    expect(bench.sandbox.ledger()).toEqual([]);
  });
});
