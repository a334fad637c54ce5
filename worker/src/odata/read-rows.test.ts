import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { customersV4, modelV2, modelV4, ordersV2, ordersV4 } from "./fixtures/sample-models.ts";
import { readEntity, readPage } from "./read-rows.ts";

describe("readPage of V2", () => {
  it("turns SAP's wrapping into plain rows with ISO dates and exact numbers", () => {
    const page = readPage(
      modelV2,
      ordersV2.type,
      answer({
        d: {
          __count: "12",
          __next: "http://sap:8000/service/Orders?$skiptoken=2",
          results: [
            {
              __metadata: { uri: "x", etag: 'W/"1"' },
              OrderId: "/Date(1)/",
              Amount: "12.50",
              CreatedAt: "/Date(-62135596800000)/",
              ChangedAt: "/Date(1700000000123+0060)/",
              Rate: "2.5E+00",
              Big: "9007199254740993",
              ToItems: { results: [{ __metadata: {}, Position: 1, ToOrder: { __deferred: { uri: "x" } } }] },
            },
            { OrderId: "2", CreatedAt: null, ToItems: { __deferred: { uri: "x" } } },
          ],
        },
      }),
    );
    expect(page).toEqual({
      ok: true,
      value: {
        rows: [
          {
            OrderId: "/Date(1)/",
            Amount: "12.50",
            CreatedAt: "0001-01-01T00:00:00",
            ChangedAt: "2023-11-14T22:13:20.123Z",
            Rate: 2.5,
            Big: "9007199254740993",
            ToItems: [{ Position: 1 }],
          },
          { OrderId: "2", CreatedAt: null },
        ],
        total: 12,
        next: "http://sap:8000/service/Orders?$skiptoken=2",
        partial: [],
      },
    });
  });

  it("reads an answer without count and without results around the rows", () => {
    expect(readPage(modelV2, ordersV2.type, answer({ d: [{ OrderId: "1" }] }))).toEqual({
      ok: true,
      value: { rows: [{ OrderId: "1" }], partial: [] },
    });
  });
});

describe("readPage of V4", () => {
  it("strips control information but the number of what is expanded, and says which expanded collection is not whole", () => {
    const value = [
      {
        "@odata.etag": 'W/"1"',
        ID: "x",
        "orders@odata.count": 9,
        "orders@odata.nextLink": "more",
        orders: [{ id: "1" }],
      },
    ];
    const page = readPage(
      modelV4,
      customersV4.type,
      answer({ "@odata.context": "$metadata", "@odata.count": 3, "@odata.nextLink": "Customers?$skip=1", value }),
    );
    expect(page).toEqual({
      ok: true,
      value: {
        rows: [{ ID: "x", "orders@count": 9, orders: [{ id: "1" }] }],
        total: 3,
        next: "Customers?$skip=1",
        partial: ["orders"],
      },
    });
  });

  it("keeps every digit of numbers, also from a server that does not send them as strings", () => {
    const body = '{"value":[{"id":9007199254740993,"amount":123456789012345678.90,"rate":0.1}]}';
    const page = readPage(modelV4, ordersV4.type, { status: 200, headers: {}, body });
    expect(page).toMatchObject({
      value: { rows: [{ id: "9007199254740993", amount: "123456789012345678.90", rate: 0.1 }] },
    });
  });
});

describe("readEntity", () => {
  it("finds the ETag in V2's metadata, in V4's annotation and in the header", () => {
    expect(readEntity(modelV2, ordersV2.type, answer({ d: { __metadata: { etag: "a" }, OrderId: "1" } }))).toEqual({
      ok: true,
      value: { row: { OrderId: "1" }, etag: "a" },
    });
    expect(readEntity(modelV4, ordersV4.type, answer({ "@odata.etag": "b", id: "1" }))).toEqual({
      ok: true,
      value: { row: { id: "1" }, etag: "b" },
    });
    expect(readEntity(modelV4, ordersV4.type, { ...answer({ id: "1" }), headers: { etag: "c" } })).toMatchObject({
      value: { etag: "c" },
    });
  });
});

describe("what is no OData", () => {
  it.each([
    ["<html><body>Logon</body></html>"],
    [""],
    ["[]"],
    ['{"d":1}'],
    [`{"d":{"results":[${'{"ToItems":{"results":['.repeat(40)}1${"]}}".repeat(40)}]}}`],
  ])("is a bad answer: %j", (body) => {
    const page = readPage(modelV2, ordersV2.type, { status: 200, headers: {}, body });
    expect(page).toMatchObject({ failure: { kind: "bad-answer" } });
    expect(JSON.stringify(page)).not.toContain("<html");
  });

  it("never makes the reader throw, whatever JSON it is", () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom("", '{"d":', '{"d":{"results":', '{"value":'), (json, start) => {
        const body = `${start}${json}${start.replaceAll(/[^{]/g, "").replaceAll("{", "}")}`;
        for (const model of [modelV2, modelV4]) {
          expect(readPage(model, ordersV2.type, { status: 200, headers: {}, body })).toHaveProperty("ok");
          expect(readEntity(model, ordersV2.type, { status: 200, headers: {}, body })).toHaveProperty("ok");
        }
      }),
    );
  });
});

function answer(body: unknown) {
  return { status: 200, headers: {}, body: JSON.stringify(body) };
}
