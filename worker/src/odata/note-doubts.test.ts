import { describe, expect, it } from "vitest";
import { compileFilter } from "./compile-filter.ts";
import type { GivenFilter } from "./compile-filter.ts";
import { parseMetadata } from "./parse-metadata.ts";

const outcome =
  parseMetadata(`<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="my" xmlns="http://docs.oasis-open.org/odata/ns/edm">
 <EntityType Name="Order"><Key><PropertyRef Name="Id"/></Key>
  <Property Name="Id" Type="Edm.String" MaxLength="10"/>
  <Property Name="Status" Type="Edm.String" MaxLength="1">
   <Annotation Term="Org.OData.Core.V1.LongDescription" String="A = In approval, B = Released."/>
  </Property>
  <Property Name="Note" Type="Edm.String"/>
  <Property Name="Amount" Type="Edm.Decimal" Precision="3"/>
 </EntityType>
 <EntityContainer Name="C"><EntitySet Name="Orders" EntityType="my.Order"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>`);

function findingsOf(given: GivenFilter) {
  if (!outcome.ok) throw new Error(outcome.failure.message);
  const model = outcome.value;
  const set = model.entitySets.get("Orders");
  const { doubts, caseSensitive } = compileFilter({ model, type: set?.type, set }, given);
  return { doubts: [...doubts], caseSensitive: [...caseSensitive] };
}

const doubt = 'No row has "In approval" in Status, which holds 1 character at most. A = In approval, B = Released.';

describe("a value that is longer than its field", () => {
  it.each<[GivenFilter]>([
    [{ json: { field: "Status", value: "In approval" } }],
    [{ json: { field: "Status", op: "ne", value: "In approval" } }],
    [{ json: { field: "Status", op: "in", value: ["A", "In approval"] } }],
    [{ text: "'In approval' eq Status" }],
    [{ text: "tolower(Status) eq 'In approval'" }],
    [{ text: "not (startswith(Status,'In approval') or Amount gt 5)" }],
  ])("is doubted, with the meanings of the field's codes: %j", (given) => {
    expect(findingsOf(given).doubts).toEqual([doubt]);
  });

  it.each<[GivenFilter]>([
    [{ json: { field: "Status", value: "A" } }],
    [{ json: { field: "Status", value: null } }],
    [{ json: { field: "Id", value: "1234567890   " } }],
    [{ json: { field: "Note", value: "as long as one likes" } }],
    [{ json: { field: "Amount", value: "1234.56" } }],
    [{ text: "Status gt 'In approval' and length(Status) eq 1234" }],
  ])("is not found where it is none: %j", (given) => {
    expect(findingsOf(given).doubts).toEqual([]);
  });
});

it("notes where capital and small letters decide whether a part of a text is found", () => {
  const condition = { field: "Note", op: "contains", value: "x" };
  expect(findingsOf({ json: condition }).caseSensitive).toEqual(["Note"]);
  expect(findingsOf({ text: "endswith(Id,'x') and startswith(Note,'x')" }).caseSensitive).toEqual(["Id", "Note"]);
  expect(findingsOf({ json: { ...condition, value: "4711" } }).caseSensitive).toEqual([]);
  expect(findingsOf({ json: { ...condition, ignoreCase: true } }).caseSensitive).toEqual([]);
  expect(findingsOf({ text: "contains(toupper(Note),'X') or Note eq 'x'" }).caseSensitive).toEqual([]);
});
