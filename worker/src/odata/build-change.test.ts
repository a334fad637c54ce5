import { describe, expect, it } from "vitest";
import { buildChange } from "./build-change.ts";
import type { ChangeOrder } from "./build-change.ts";
import { describeChanges } from "./describe-changes.ts";
import { customersV4, itemsV2, modelV2, modelV4, ordersV2 } from "./fixtures/sample-models.ts";
import type { EntitySet } from "./service-model.ts";

describe("buildChange", () => {
  it("makes each change with the method of its version", () => {
    const change = (operation: ChangeOrder["operation"]) =>
      buildChange(modelV2, ordersV2, {
        operation,
        parameters: { OrderId: "1", ...(operation !== "delete" && { Done: true }) },
      });
    expect(change("create")).toMatchObject({
      value: { method: "POST", path: "Orders", body: { OrderId: "1", Done: true } },
    });
    expect(change("update")).toMatchObject({ value: { method: "MERGE", path: "Orders('1')", body: { Done: true } } });
    expect(change("replace")).toMatchObject({ value: { method: "PUT", path: "Orders('1')", body: { Done: true } } });
    expect(change("delete")).toMatchObject({ value: { method: "DELETE", path: "Orders('1')" } });
    const id = "0050568d-393c-1ed4-9d97-e65f0f3fcc23";
    expect(buildChange(modelV4, customersV4, { operation: "update", parameters: { ID: id, name: "x" } })).toMatchObject(
      {
        value: { method: "PATCH", path: `Customers(${id})`, body: { name: "x" } },
      },
    );
  });

  it("adds an entity behind the navigation property of its parent, whose key stands beside the fields", () => {
    const parameters = { OrderId: "1/2", Position: 10, ValidFrom: "2026-01-31" };
    expect(buildChange(modelV2, ordersV2, { operation: "create", parameters, navigation: "ToItems" })).toMatchObject({
      value: { method: "POST", path: "Orders('1%2F2')/ToItems", type: itemsV2.type, body: { Position: 10 } },
    });
  });

  it.each([
    [{ operation: "update", parameters: { OrderId: "1", Amount: "2" } }, "Amount of Orders can't be changed"],
    [{ operation: "replace", parameters: { OrderId: "1", Amount: "2", Done: true } }, "can't be changed"],
    [{ operation: "update", parameters: { OrderId: "1", ToItems: [] } }, "can't be changed through Orders"],
    [{ operation: "update", parameters: { OrderId: "x".repeat(21), Done: true } }, "OrderId takes 20 characters"],
    [{ operation: "update", parameters: { OrderId: "1" } }, "nothing to change"],
    [{ operation: "update", parameters: { Done: true } }, "OrderId is missing"],
    [{ operation: "create", parameters: { OrderId: "1", ToItems: [{ Positon: 1 }] } }, "Positon"],
    [{ operation: "create", parameters: { OrderId: "1" }, navigation: "ToOrder" }, "ToOrder"],
    [{ operation: "delete", parameters: { OrderId: "1" }, navigation: "ToItems" }, "no use for navigation"],
  ] as const)("refuses %j: %s", (order, message) => {
    const change = buildChange(modelV2, ordersV2, order);
    expect(change).toMatchObject({ ok: false, failure: { message: expect.stringContaining(message) as string } });
  });

  it("names the parts that a set can't be created together with", () => {
    const set = { ...ordersV2, deepInsert: false };
    expect(buildChange(modelV2, set, { operation: "create", parameters: { OrderId: "1", ToItems: [] } })).toMatchObject(
      {
        failure: {
          message: expect.stringContaining("ToItems") as string,
          guidance: expect.stringContaining("Items") as string,
        },
      },
    );
  });

  it("writes in capitals what SAP keeps so, in keys, fields and nested entities, and says it", () => {
    const capital = <T extends { name: string }>(names: string[], fields: ReadonlyMap<string, T>) =>
      new Map([...fields].map(([name, it]) => [name, names.includes(name) ? { ...it, upperCase: true } : it]));
    const types = new Map(
      [...modelV2.types].map(([name, type]) => [name, { ...type, properties: capital(["OrderId"], type.properties) }]),
    );
    const model = { ...modelV2, types };
    const set = { ...ordersV2, type: types.get(ordersV2.type.name) ?? ordersV2.type };
    const items = [{ OrderId: "b", Position: 1 }];
    expect(
      buildChange(model, set, { operation: "create", parameters: { OrderId: "a", ToItems: items } }),
    ).toMatchObject({
      value: {
        body: { OrderId: "A", ToItems: [{ OrderId: "B" }] },
        warnings: [expect.stringContaining('OrderId "a" → "A", OrderId "b" → "B"')],
      },
    });
    expect(buildChange(model, set, { operation: "delete", parameters: { OrderId: "ab" } })).toMatchObject({
      value: { path: "Orders('AB')", warnings: [expect.stringContaining("capital letters")] },
    });
    expect(buildChange(model, set, { operation: "delete", parameters: { OrderId: "AB" } })).toMatchObject({
      value: { warnings: [] },
    });
  });

  it("does not change what an entity leads to through the entity, in no version", () => {
    const id = "0050568d-393c-1ed4-9d97-e65f0f3fcc23";
    expect(
      buildChange(modelV4, customersV4, { operation: "update", parameters: { ID: id, orders: [] } }),
    ).toMatchObject({
      failure: {
        message: expect.stringContaining("Nested updates are not possible") as string,
        guidance: expect.stringMatching(/Orders themselves.*execute-sap-batch/) as string,
      },
    });
  });

  it("means the draft where a change is made, and asks which one is meant where it is deleted", () => {
    const type = {
      ...ordersV2.type,
      keys: ["OrderId", "IsActiveEntity"],
      properties: new Map([
        ...ordersV2.type.properties,
        [
          "IsActiveEntity",
          {
            name: "IsActiveEntity",
            type: "Edm.Boolean",
            many: false,
            nullable: false,
            not: ["creatable", "updatable"],
          },
        ],
      ] as const),
    } as EntitySet["type"];
    const drafts: EntitySet = { ...ordersV2, type, draft: { kind: "root" } };
    const change = (operation: ChangeOrder["operation"], parameters: object) =>
      buildChange(modelV2, drafts, { operation, parameters: { OrderId: "1", ...parameters } });
    expect(change("create", { IsActiveEntity: false })).toMatchObject({ value: { body: { OrderId: "1" } } });
    expect(change("create", { IsActiveEntity: true })).toMatchObject({ ok: false });
    expect(change("update", { Done: true })).toMatchObject({
      value: { path: "Orders(OrderId='1',IsActiveEntity=false)" },
    });
    expect(change("delete", {})).toMatchObject({ ok: false });
    expect(change("delete", { IsActiveEntity: true })).toMatchObject({
      value: { path: "Orders(OrderId='1',IsActiveEntity=true)" },
    });
  });
});

describe("describeChanges", () => {
  it("shows what was and what is, and nothing that stayed or is nested", () => {
    expect(describeChanges({ a: 1, b: "x", c: [1], d: null, e: 1 }, { a: 1, b: "y", c: [2], d: "z" })).toEqual([
      'b: "x" → "y"',
      'd: null → "z"',
      "e: 1 → nothing",
    ]);
  });

  it("counts what is too much to show", () => {
    const state = (value: number) => Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`f${at}`, value]));
    expect(describeChanges(state(1), state(2)).at(-1)).toBe("8 more fields");
    expect(describeChanges({ a: "" }, { a: "x".repeat(500) })[0]?.length).toBeLessThan(120);
  });
});
