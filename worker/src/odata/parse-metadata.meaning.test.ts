import { describe, expect, it } from "vitest";
import { sampleV2, sampleV4 } from "./fixtures/sample-metadata.ts";
import { parseMetadata } from "./parse-metadata.ts";
import { allowsUse, boundOperationsOf, findOperation } from "./service-model.ts";
import type { EntitySet, ServiceModel } from "./service-model.ts";

describe("operations", () => {
  it("of V2 are function imports with method, parameters and the set of what they return", () => {
    const model = modelOf(
      v2(`<FunctionImport Name="Release" ReturnType="Collection(n.Order)" EntitySet="Orders" m:HttpMethod="POST" sap:label="Release orders" sap:action-for="n.Order">
        <Parameter Name="Id" Type="Edm.String" Mode="In" MaxLength="10"/><Parameter Name="Note" Type="Edm.String" Nullable="true"/><Parameter Name="Rest" Type="Edm.String" Mode="Out"/>
      </FunctionImport><FunctionImport Name="Ping" m:HttpMethod="GET"/>`),
    );
    const release = model.operations.get("Release");
    expect(release).toMatchObject({
      name: "Release",
      kind: "action",
      method: "POST",
      label: "Release orders",
      actionFor: "n.Order",
      returns: { type: "n.Order", many: true, entitySet: "Orders" },
    });
    expect([...(release?.parameters.keys() ?? [])]).toEqual(["Id", "Note"]);
    expect(release?.parameters.get("Id")).toMatchObject({ maxLength: 10, nullable: false });
    expect(release?.parameters.get("Note")?.optional).toBe(true);
    expect(model.operations.get("Ping")).toMatchObject({ kind: "function", method: "GET" });
    expect(boundOperationsOf(model, setOf(model, "Orders")).map(({ name }) => name)).toEqual(["Release"]);
  });

  it("of V4 are imports by their own names and bound ones by qualified names, each overload by its type", () => {
    const model = modelOf(
      v4(
        `<Action Name="Close" IsBound="true"><Parameter Name="_it" Type="S.Order" Nullable="false"/><Parameter Name="Reason" Type="Edm.String"/><ReturnType Type="S.Order"/></Action>
         <Action Name="Close" IsBound="true"><Parameter Name="_it" Type="Collection(S.Item)"/></Action>
         <Function Name="Total"><Parameter Name="Year" Type="Edm.Int32" Nullable="false"/><ReturnType Type="Edm.Decimal" Nullable="false"/></Function>
         <Function Name="Hidden"><ReturnType Type="Edm.String"/></Function>`,
        `<FunctionImport Name="GetTotal" Function="S.Total"/>`,
        `<Annotations Target="S.Close(S.Order)/Reason"><Annotation Term="Common.Label" String="Why"/></Annotations>`,
      ),
    );
    expect([...model.operations.keys()]).toEqual(["n.Close", "n.Close(Collection(n.Item))", "GetTotal"]);
    const close = findOperation(model, "Close", setOf(model, "Orders").type);
    expect(close).toMatchObject({ name: "n.Close", kind: "action", boundTo: { type: "n.Order", many: false } });
    expect(close?.parameters.get("Reason")).toMatchObject({ label: "Why", optional: true });
    expect(findOperation(model, "n.Close", setOf(model, "Items").type)?.boundTo?.many).toBe(true);
    expect(model.operations.get("GetTotal")).toMatchObject({
      kind: "function",
      method: "GET",
      returns: { type: "Edm.Decimal", many: false, nullable: false },
    });
    expect(model.operations.get("GetTotal")?.parameters.get("Year")?.optional).toBeUndefined();
    expect(findOperation(model, "Close")).toBeUndefined();
  });

  it("bound to a base type can be called on what inherits from it", () => {
    const model = modelOf(
      sampleV4.replace(
        "<EntityContainer",
        '<Action Name="Touch" IsBound="true"><Parameter Name="in" Type="SELF.Managed"/></Action><EntityContainer',
      ),
    );
    const customers = setOf(model, "Customers");
    expect(boundOperationsOf(model, customers).map(({ name }) => name)).toEqual(["my.model.Touch"]);
    expect(findOperation(model, "Touch", customers.type)?.name).toBe("my.model.Touch");
  });
});

describe("the meaning of fields", () => {
  it("in V2 stands in SAP's attributes", () => {
    const { type } = setOf(
      modelOf(
        v2("", {
          properties: `<Property Name="Net" Type="Edm.Decimal" sap:unit="Currency" sap:text="NetText" sap:quickinfo="Net of the order" sap:label="Net" sap:aggregation-role="measure"/>
            <Property Name="Day" Type="Edm.DateTime" sap:display-format="Date" DefaultValue="x" sap:value-list="fixed-values" sap:quickinfo="DAY" sap:label="Day"/>
            <Property Name="Code" Type="Edm.String" sap:display-format="UpperCase" sap:creatable="false"/>`,
        }),
      ),
      "Orders",
    );
    expect(type.properties.get("Net")).toMatchObject({
      unit: "Currency",
      text: "NetText",
      documentation: "Net of the order",
      role: "measure",
    });
    expect(type.properties.get("Day")).toMatchObject({ dateOnly: true, default: "x", valueList: { fixed: true } });
    expect(type.properties.get("Day")?.documentation).toBeUndefined();
    expect(type.properties.get("Code")).toMatchObject({ upperCase: true, not: ["creatable"] });
  });

  it("in V4 stands in annotations, with value lists and their own property", () => {
    const model = modelOf(
      v4(
        "",
        "",
        `<Annotations Target="S.Order/status">
           <Annotation Term="Common.ValueList"><Record><PropertyValue Property="CollectionPath" String="States"/><PropertyValue Property="Parameters"><Collection>
             <Record Type="Common.ValueListParameterDisplayOnly"><PropertyValue Property="ValueListProperty" String="name"/></Record>
             <Record Type="Common.ValueListParameterInOut"><PropertyValue Property="LocalDataProperty" PropertyPath="status"/><PropertyValue Property="ValueListProperty" String="code"/></Record>
           </Collection></PropertyValue></Record></Annotation>
           <Annotation Term="Common.Text" Path="statusText"><Annotation Term="UI.TextArrangement" EnumMember="UI.TextFirst"/></Annotation>
           <Annotation Term="Common.FieldControl" EnumMember="Common.FieldControlType/Mandatory"/>
           <Annotation Term="Core.Immutable"/>
         </Annotations>
         <Annotations Target="S.Order/id"><Annotation Term="Core.Computed" Bool="true"/><Annotation Term="Core.Description"><String>Number of the order</String></Annotation></Annotations>
         <Annotations Target="S.Kind/A"><Annotation Term="Common.Label" String="First"/></Annotations>`,
      ),
    );
    const { type } = setOf(model, "Orders");
    expect(type.properties.get("status")).toMatchObject({
      valueList: { entitySet: "States", property: "code" },
      text: "statusText",
      required: true,
      not: ["updatable"],
    });
    expect(type.properties.get("id")).toMatchObject({
      not: ["creatable", "updatable"],
      documentation: "Number of the order",
    });
    expect(model.enumTypes.get("n.Kind")).toEqual({
      name: "n.Kind",
      underlyingType: "Edm.Int64",
      flags: true,
      members: [
        { name: "A", value: "1", label: "First" },
        { name: "B", value: "9007199254740993" },
      ],
    });
  });
});

describe("the rules of entity sets", () => {
  it("in V4 say what is filtered, aggregated, drafted and guarded by ETags", () => {
    const set = setOf(
      modelOf(
        v4(
          "",
          "",
          `<Annotations Target="S.C/Orders">
             <Annotation Term="Capabilities.FilterRestrictions"><Record>
               <PropertyValue Property="RequiredProperties"><Collection><PropertyPath>id</PropertyPath></Collection></PropertyValue>
               <PropertyValue Property="NonFilterableProperties"><Collection><PropertyPath>status</PropertyPath></Collection></PropertyValue>
             </Record></Annotation>
             <Annotation Term="Capabilities.TopSupported" Bool="false"/>
             <Annotation Term="Capabilities.DeepInsertSupport"><Record><PropertyValue Property="Supported" Bool="false"/></Record></Annotation>
             <Annotation Term="Core.OptimisticConcurrency"><Collection/></Annotation>
             <Annotation Term="Aggregation.ApplySupported"><Record><PropertyValue Property="Transformations"><Collection><String>groupby</String></Collection></PropertyValue></Record></Annotation>
             <Annotation Term="Common.DraftRoot"><Record><PropertyValue Property="ActivationAction" String="S.activate"/></Record></Annotation>
           </Annotations>`,
        ),
      ),
      "Orders",
    );
    expect(set).toMatchObject({
      requiresFilter: true,
      requiredFilters: ["id"],
      topable: false,
      skippable: true,
      deepInsert: false,
      etag: true,
      apply: { transformations: ["groupby"] },
      draft: { kind: "root", activate: "n.activate" },
    });
    const status = set.type.properties.get("status");
    expect(status && allowsUse(set, status, "filterable")).toBe(false);
    expect(status && allowsUse(set, status, "sortable")).toBe(true);
  });

  it("in V2 are seen from attributes, and drafts from their fields and the names of functions", () => {
    const model = modelOf(
      v2('<FunctionImport Name="OrdersActivation" ReturnType="n.Order" m:HttpMethod="POST"/>', {
        keys: '<PropertyRef Name="IsActiveEntity"/>',
        properties: `<Property Name="IsActiveEntity" Type="Edm.Boolean"/><Property Name="HasDraftEntity" Type="Edm.Boolean"/>
          <Property Name="Year" Type="Edm.String" sap:required-in-filter="true"/><Property Name="Tag" Type="Edm.String" ConcurrencyMode="Fixed"/>`,
        set: 'sap:pageable="false" sap:countable="false"',
      }),
    );
    expect(setOf(model, "Orders")).toMatchObject({
      draft: { kind: "root", activate: "OrdersActivation" },
      requiredFilters: ["Year"],
      etag: true,
      topable: false,
      countable: false,
    });
    expect(setOf(modelOf(sampleV2), "Items")).toMatchObject({ etag: false, requiresFilter: false, topable: true });
  });
});

function v2(imports: string, { keys = "", properties = "", set = "" } = {}): string {
  return `<edmx:Edmx Version="1.0" xmlns:m="m" xmlns:sap="http://www.sap.com/Protocols/SAPData"><edmx:DataServices><Schema Namespace="n">
    <EntityType Name="Order"><Key><PropertyRef Name="Id"/>${keys}</Key><Property Name="Id" Type="Edm.String" Nullable="false"/>${properties}</EntityType>
    <EntityContainer Name="C"><EntitySet Name="Orders" EntityType="n.Order" ${set}/>${imports}</EntityContainer>
  </Schema></edmx:DataServices></edmx:Edmx>`;
}

function v4(operations: string, imports: string, annotations: string): string {
  const include = (namespace: string, alias: string) =>
    `<edmx:Reference Uri="u"><edmx:Include Namespace="${namespace}" Alias="${alias}"/></edmx:Reference>`;
  return `<edmx:Edmx Version="4.0">${include("com.sap.vocabularies.Common.v1", "Common")}${include("Org.OData.Core.V1", "Core")}
    ${include("Org.OData.Capabilities.V1", "Capabilities")}${include("Org.OData.Aggregation.V1", "Aggregation")}
    <edmx:DataServices><Schema Namespace="n" Alias="S">
    <EntityType Name="Order"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String"/><Property Name="status" Type="Edm.String"/></EntityType>
    <EntityType Name="Item"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String"/></EntityType>
    <EnumType Name="Kind" UnderlyingType="Edm.Int64" IsFlags="true"><Member Name="A" Value="1"/><Member Name="B" Value="9007199254740993"/></EnumType>
    ${operations}
    <EntityContainer Name="C"><EntitySet Name="Orders" EntityType="S.Order"/><EntitySet Name="Items" EntityType="S.Item"/>${imports}</EntityContainer>
    ${annotations}</Schema></edmx:DataServices></edmx:Edmx>`;
}

function modelOf(xml: string): ServiceModel {
  const outcome = parseMetadata(xml);
  if (!outcome.ok) throw new Error(outcome.failure.message);
  return outcome.value;
}

function setOf(model: ServiceModel, name: string): EntitySet {
  const set = model.entitySets.get(name);
  if (set === undefined) throw new Error(`no set ${name}`);
  return set;
}
