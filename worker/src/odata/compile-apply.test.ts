import { describe, expect, it } from "vitest";
import { buildQuery } from "./build-query.ts";
import type { QueryOptions } from "./build-query.ts";
import { customersV4, itemsV2, modelV2, modelV4, ordersV4 } from "./fixtures/sample-models.ts";
import type { EntitySet } from "./service-model.ts";

const perDay = "groupby((day),aggregate(amount with sum as Total,$count as Orders))";

describe("$apply", () => {
  it("is checked step by step, and its results can be sorted and filtered", () => {
    const $apply = `filter(amount gt 5M)/${perDay}`;
    expect(queryOf({ $apply, $orderby: "Total desc", $filter: "Orders gt 2" })).toBe(
      `?$apply=filter(amount gt 5)/${perDay}&$filter=Orders gt 2&$orderby=Total desc`,
    );
    expect(queryOf({ $apply: "groupby((customer/name))/aggregate($count as N)/top(5)" })).toBe(
      "?$apply=groupby((customer/name))/aggregate($count as N)/top(5)",
    );
  });

  it("aggregates the rows that a filter in JSON picks", () => {
    expect(queryOf({ $apply: perDay, filter: { field: "amount", op: "gt", value: 1 } })).toBe(
      `?$apply=filter(amount gt 1)/${perDay}`,
    );
  });

  it.each([
    [perDay.replace("amount", "amout"), "amout is not a property"],
    [perDay.replace("sum", "total"), "can't be read"],
    ["groupby(day)", "can't be read"],
    ["groupby((day),aggregate(customer/name with sum as N))", "of which there is no sum"],
    ["groupby((day),aggregate(amount with sum as Total;x))", "can't be read"],
    ["filter()", "can't be read"],
    ["filter(day eq 5)", "Edm.Date"],
    ["drop(day)", "can't be read"],
    ["groupby((day)", "can't be read"],
    [`${perDay}/filter(amount gt 5)`, "amount is not a property of the rows of $apply"],
  ])("is refused with a reason: %s", ($apply, reason) => {
    const outcome = buildQuery(modelV4, sourceOf(ordersV4), { $apply });
    expect(outcome.ok ? "accepted" : outcome.failure.message).toContain(reason);
  });

  it("is refused where the service declares other transformations, and in V2", () => {
    const declares = { ...ordersV4, apply: { transformations: ["filter"] } };
    expect(buildQuery(modelV4, sourceOf(declares), { $apply: perDay })).toMatchObject({
      failure: { message: "Orders can't do groupby in $apply.", guidance: "It declares filter." },
    });
    expect(buildQuery(modelV2, sourceOf(itemsV2), { $apply: perDay })).toMatchObject({
      failure: { message: "OData V2 has no $apply." },
    });
  });

  it("warns of a sum over several currencies unless they are grouped or one is chosen", () => {
    const { properties } = customersV4.type;
    const big = { ...(properties.get("big") as NonNullable<ReturnType<typeof properties.get>>), unit: "name" };
    const set = { ...customersV4, type: { ...customersV4.type, properties: new Map([...properties, ["big", big]]) } };
    const warningsOf = ($apply: string, filter?: unknown) => {
      const outcome = buildQuery(modelV4, sourceOf(set), { $apply, filter });
      return outcome.ok ? outcome.value.warnings : [outcome.failure.message];
    };
    const sum = "aggregate(big with sum as Total)";
    expect(warningsOf(sum)).toEqual(["Total mixes values of big in different name: group by name, or filter on one."]);
    expect(warningsOf(`groupby((name),${sum})`)).toEqual([]);
    expect(warningsOf(sum, { field: "name", value: "EUR" })).toEqual([]);
  });
});

function sourceOf(set: EntitySet) {
  return { name: set.name, type: set.type, set };
}

function queryOf(options: QueryOptions): string {
  const outcome = buildQuery(modelV4, sourceOf(ordersV4), options);
  return outcome.ok ? decodeURIComponent(outcome.value.text) : outcome.failure.message;
}
