import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMetadata } from "./parse-metadata.ts";
import { operationsOf } from "./service-model.ts";
import type { EntitySet, ServiceModel } from "./service-model.ts";
import { sampleV2, sampleV4 } from "./fixtures/sample-metadata.ts";

describe("parseMetadata of V2", () => {
  it("reads sets with keys, labels and the limits of their fields", () => {
    const set = setOf(parsed(sampleV2), "Orders");
    expect(set.type.keys).toEqual(["OrderId"]);
    expect(set.label).toBe("Sales order");
    expect(set.type.properties.get("Amount")).toEqual({
      name: "Amount",
      type: "Edm.Decimal",
      many: false,
      nullable: true,
      label: "Amount & tax",
      precision: 15,
      scale: 2,
      not: ["updatable", "sortable"],
    });
  });

  it("takes an absent sap:creatable for true and an explicit false for false", () => {
    const model = parsed(sampleV2);
    expect(operationsOf(setOf(model, "Orders"))).toBe("cru");
    expect(operationsOf(setOf(model, "Items"))).toBe("crud");
    expect(setOf(model, "Orders").searchable).toBe(true);
    expect(setOf(model, "Items").searchable).toBe(false);
  });

  it("follows associations to the target set, across schemas and by alias", () => {
    const set = setOf(parsed(sampleV2), "Orders");
    expect(set.type.navigations.get("ToItems")).toEqual({ name: "ToItems", type: "types.Item", many: true });
    expect(set.targets.get("ToItems")).toBe("Items");
    const back = setOf(parsed(sampleV2), "Items");
    expect(back.type.navigations.get("ToOrder")?.many).toBe(false);
    expect(back.targets.get("ToOrder")).toBe("Orders");
  });

  it("understands SAP's attributes under another prefix", () => {
    const renamed = sampleV2.replaceAll("sap:", "s:").replaceAll(":sap=", ":s=");
    expect(operationsOf(setOf(parsed(renamed), "Orders"))).toBe("cru");
  });
});

describe("parseMetadata of V4", () => {
  it("inherits keys and properties from base types, declared later or by alias", () => {
    const set = setOf(parsed(sampleV4), "Customers");
    expect(set.type.keys).toEqual(["ID"]);
    expect([...set.type.properties.keys()]).toEqual(["ID", "modifiedAt", "name", "status", "address", "tags", "big"]);
    expect(set.type.properties.get("tags")).toMatchObject({ type: "Edm.String", many: true });
    expect(set.type.properties.get("big")?.type).toBe("Edm.Int64");
  });

  it("binds navigation properties to their sets and leaves contained ones without", () => {
    const set = setOf(parsed(sampleV4), "Customers");
    expect([...set.targets]).toEqual([["orders", "Orders"]]);
    expect(set.type.navigations.get("notes")).toEqual({
      name: "notes",
      type: "my.model.Note",
      many: true,
      contained: true,
    });
  });

  it("takes restrictions and labels from annotations, inline and by target", () => {
    const model = parsed(sampleV4);
    expect(operationsOf(setOf(model, "Customers"))).toBe("ru");
    expect(operationsOf(setOf(model, "Orders"))).toBe("cr");
    expect(setOf(model, "Customers").type.properties.get("name")?.label).toBe("Name of the customer");
    expect(setOf(model, "Customers").type.properties.get("status")?.label).toBe("Status");
    expect(setOf(model, "Orders").label).toBe("Orders of customers");
  });

  it("knows complex types and enumerations by their qualified names", () => {
    const model = parsed(sampleV4);
    expect(model.types.get("my.model.Address")?.properties.get("city")?.type).toBe("Edm.String");
    expect(model.enumTypes.has("my.model.Status")).toBe(true);
  });
});

describe("parseMetadata of what it must refuse", () => {
  it.each([
    ["a document cut off", sampleV2.slice(0, sampleV2.length / 2), /unclosed tag|unexpected end/],
    ["no XML", '{"error":{}}', /text data outside of root|document must contain a root/],
    ["an empty document", "", /root element/],
    ["another kind of document", "<html><body/></html>", /root is <html>/],
    ["a document type", '<!DOCTYPE Edmx [<!ENTITY a "b">]><Edmx/>', /document type/],
    ["an entity that XML does not know", "<Edmx><Schema Namespace='&evil;'/></Edmx>", /undefined entity/],
    ["deep nesting", `<Edmx>${"<a>".repeat(200)}${"</a>".repeat(200)}</Edmx>`, /100 levels/],
    [
      "a circle of base types",
      edmx('<EntityType Name="A" BaseType="n.B"/><EntityType Name="B" BaseType="n.A"/>'),
      /own base/,
    ],
    ["a long chain of base types", edmx(chainOfTypes(60)), /50 levels/],
    ["a long chain of base types, last one first", edmx(chainOfTypes(60, true)), /50 levels/],
  ])("refuses %s with the reason", (_what, xml, reason) => {
    const outcome = parseMetadata(xml);
    expect(outcome.ok ? "parsed" : outcome.failure.kind).toBe("bad-answer");
    expect(outcome.ok ? "" : outcome.failure.message).toMatch(reason);
  });
});

describe("parseMetadata of a document that was damaged", () => {
  it("answers with a model or a refusal, and never throws", () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom("<", ">", '"', "&", "<!DOCTYPE a>", "<![CDATA[", "<EntitySet/>", "<Key/>", "</Schema>"),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(sampleV2, sampleV4),
        fc.nat(5_000),
        fc.nat(50),
        piece,
        (xml, at, length, inserted) => {
          const outcome = parseMetadata(xml.slice(0, at) + inserted + xml.slice(at + length));
          expect(outcome.ok || outcome.failure.kind === "bad-answer").toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

function edmx(types: string): string {
  return `<edmx:Edmx Version="4.0"><edmx:DataServices><Schema Namespace="n">${types}</Schema></edmx:DataServices></edmx:Edmx>`;
}

function chainOfTypes(length: number, reversed = false): string {
  const types = Array.from({ length }, (_, at) => `<EntityType Name="T${at}" BaseType="n.T${at - 1}"/>`);
  return (reversed ? types.toReversed() : types).join("");
}

function parsed(xml: string): ServiceModel {
  const outcome = parseMetadata(xml);
  if (!outcome.ok) throw new Error(outcome.failure.message);
  return outcome.value;
}

function setOf(model: ServiceModel, name: string): EntitySet {
  const set = model.entitySets.get(name);
  if (set === undefined) throw new Error(`no set ${name}`);
  return set;
}
