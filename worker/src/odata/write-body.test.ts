import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { customersV4, modelV2, modelV4, ordersV2, ordersV4 } from "./fixtures/sample-models.ts";
import type { Row } from "./format-key.ts";
import { readEntity } from "./read-rows.ts";
import type { EntitySet, ServiceModel } from "./service-model.ts";
import { writeBody } from "./write-body.ts";

describe("writeBody", () => {
  it("writes the JSON of V2", () => {
    const row = {
      OrderId: "1",
      Amount: 12.5,
      CreatedAt: "2023-11-14T22:13:20",
      ChangedAt: "2023-11-14T22:13:20Z",
      Big: "9007199254740993",
    };
    expect(
      writeBody(modelV2, ordersV2.type, {
        ...row,
        Start: "11:30",
        Count: "7",
        Done: "true",
        ToItems: [{ Position: 10 }],
      }),
    ).toEqual({
      ok: true,
      value: {
        OrderId: "1",
        Amount: "12.5",
        CreatedAt: "/Date(1700000000000)/",
        ChangedAt: "/Date(1700000000000+0000)/",
        Big: "9007199254740993",
        Start: "PT11H30M00S",
        Count: 7,
        Done: true,
        ToItems: [{ Position: 10 }],
      },
    });
  });

  it("writes the JSON of V4, nested values too", () => {
    const row = {
      ID: "0050568d-393c-1ed4-9d97-e65f0f3fcc23",
      address: { city: "Ulm" },
      tags: ["a", "b"],
      status: "Open",
      big: 5,
      name: null,
    };
    expect(
      writeBody(modelV4, customersV4.type, { ...row, orders: [{ id: "1", amount: "0.10", rate: "2.5" }] }),
    ).toEqual({
      ok: true,
      value: { ...row, big: "5", orders: [{ id: "1", amount: "0.10", rate: 2.5 }] },
    });
  });

  it.each([
    [{ Nam: 1 }, "unknown-property"],
    [{ ToItems: [{ Positio: 1 }] }, "unknown-property"],
    [{ ToItems: { Position: 1 } }, "invalid-input"],
    [{ Amount: "12,50" }, "invalid-input"],
    [{ CreatedAt: "2026-01-31T00:00:00.1234567" }, "invalid-input"],
    [{ Big: 2 ** 60 }, "invalid-input"],
    [{ OrderId: "x".repeat(21) }, "invalid-input"],
    [{ Amount: "12.505" }, "invalid-input"],
    [{ Amount: "12345678901234.5" }, "invalid-input"],
    [nested(30), "invalid-input"],
  ])("refuses %j as %s", (row, kind) => {
    expect(writeBody(modelV2, ordersV2.type, row)).toMatchObject({ failure: { kind } });
  });

  it("takes values that fill their field to the last digit", () => {
    const row = { OrderId: "x".repeat(20), Amount: "-0001234567890123.4500" };
    expect(writeBody(modelV2, ordersV2.type, row)).toEqual({ ok: true, value: row });
    expect(writeBody(modelV4, ordersV4.type, { amount: "12345678.1234567" })).toMatchObject({ ok: true });
    expect(writeBody(modelV4, ordersV4.type, { amount: "12345678.12345678" })).toMatchObject({ ok: false });
  });

  it("brings every value to SAP and back unchanged in V2", () => {
    const row = fc.record(
      {
        OrderId: fc.string(),
        Amount: decimals(13, 2),
        CreatedAt: instants.map((iso) => iso.slice(0, -1)),
        ChangedAt: instants,
        Big: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
        Rate: fc.double({ noNaN: true, noDefaultInfinity: true }).filter((it) => !Object.is(it, -0)),
        Id: fc.uuid(),
        Raw: fc.uint8Array().map((bytes) => Buffer.from(bytes).toString("base64")),
        Done: fc.boolean(),
        Count: fc.integer(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(row, (it) => {
        expect(thereAndBack(modelV2, ordersV2, it)).toEqual(it);
      }),
    );
  });

  it("brings every value to SAP and back unchanged in V4", () => {
    const row = fc.record(
      {
        id: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
        day: instants.map((iso) => iso.slice(0, 10)),
        amount: decimals(8, 7),
        rate: fc.double({ noNaN: true, noDefaultInfinity: true }).filter((it) => !Object.is(it, -0)),
        customer: fc.record({ name: fc.string(), modifiedAt: instants }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(row, (it) => {
        expect(thereAndBack(modelV4, ordersV4, it)).toEqual(it);
      }),
    );
  });
});

const decimals = (wholeDigits: number, digits: number) =>
  fc
    .tuple(
      fc.bigInt(-(10n ** BigInt(wholeDigits)) + 1n, 10n ** BigInt(wholeDigits) - 1n),
      fc.stringMatching(new RegExp(`^\\d{0,${digits}}$`)),
    )
    .map(([whole, part]) => (part === "" ? `${whole}` : `${whole}.${part}`));

/** ISO date-times with as many digits of milliseconds as are needed. */
const instants = fc
  .date({ min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59.999Z"), noInvalidDate: true })
  .map((date) =>
    date.toISOString().replace(/\.?0*Z$/, (tail) => (tail.startsWith(".") ? "Z" : tail.replace(/0+Z/, "Z"))),
  );

function thereAndBack(model: ServiceModel, set: EntitySet, row: Row): Row {
  const body = writeBody(model, set.type, row);
  if (!body.ok) throw new Error(body.failure.message);
  const sent = JSON.stringify(model.odataVersion === "V2" ? { d: body.value } : body.value);
  const entity = readEntity(model, set.type, { status: 200, headers: {}, body: sent });
  if (!entity.ok) throw new Error(entity.failure.message);
  return entity.value.row;
}

function nested(depth: number): Row {
  return depth === 0 ? {} : { ToItems: [{ ToOrder: nested(depth - 1) }] };
}
