import type { Field, FieldKind } from "../model/field.ts";
import type { OperationDefinition, ServiceDefinition } from "../model/service-definition.ts";
import type { EntitySet, SetNavigation } from "../services/entity-set.ts";
import { element } from "./xml-text.ts";

const edmTypes: Readonly<Record<FieldKind, string>> = {
  string: "Edm.String",
  guid: "Edm.Guid",
  decimal: "Edm.Decimal",
  int32: "Edm.Int32",
  int64: "Edm.Int64",
  boolean: "Edm.Boolean",
  date: "Edm.DateTime",
  time: "Edm.Time",
  timestamp: "Edm.DateTimeOffset",
};

/** The $metadata document of a V2 service in the form of SAP Gateway. */
export function describeV2(service: ServiceDefinition, sets: Iterable<EntitySet>): string {
  const all = [...sets];
  const associations = all.flatMap((set) =>
    [...set.navigations.values()].map((navigation) => associationOf(set, navigation)),
  );
  const { namespace } = service;
  const container = element(
    "EntityContainer",
    { Name: `${namespace}_Entities`, "m:IsDefaultEntityContainer": true, "sap:supported-formats": "atom json xlsx" },
    [
      ...all.map((set) => describeSet(set)),
      ...associations.map(({ name, from, to }) =>
        element(
          "AssociationSet",
          {
            Name: name,
            Association: `${namespace}.${name}`,
            "sap:creatable": false,
            "sap:updatable": false,
            "sap:deletable": false,
          },
          [
            element("End", { EntitySet: from.name, Role: `FromRole_${name}` }),
            element("End", { EntitySet: to.name, Role: `ToRole_${name}` }),
          ],
        ),
      ),
      ...service.operations.map((operation) => describeFunction(operation, service)),
    ],
  );
  const schema = element(
    "Schema",
    {
      xmlns: "http://schemas.microsoft.com/ado/2008/09/edm",
      Namespace: namespace,
      "xml:lang": "en",
      "sap:schema-version": 1,
    },
    [
      ...all.map(describeType),
      ...service.complexTypes.map(({ name, label, fields }) =>
        element(
          "ComplexType",
          { Name: name, "sap:label": label },
          fields.map((field) => describeProperty(field)),
        ),
      ),
      ...associations.map(({ name, from, to, many }) =>
        element("Association", { Name: name, "sap:content-version": 1 }, [
          element("End", { Type: from.qualifiedTypeName, Multiplicity: "1", Role: `FromRole_${name}` }),
          element("End", { Type: to.qualifiedTypeName, Multiplicity: many ? "*" : "0..1", Role: `ToRole_${name}` }),
        ]),
      ),
      container,
      element("atom:link", {
        rel: "self",
        href: `${service.root}/$metadata`,
        "xmlns:atom": "http://www.w3.org/2005/Atom",
      }),
      element("atom:link", {
        rel: "latest-version",
        href: `${service.root}/$metadata`,
        "xmlns:atom": "http://www.w3.org/2005/Atom",
      }),
    ],
  );
  const edmx = element(
    "edmx:Edmx",
    {
      Version: "1.0",
      "xmlns:edmx": "http://schemas.microsoft.com/ado/2007/06/edmx",
      "xmlns:m": "http://schemas.microsoft.com/ado/2007/08/dataservices/metadata",
      "xmlns:sap": "http://www.sap.com/Protocols/SAPData",
    },
    [element("edmx:DataServices", { "m:DataServiceVersion": "2.0" }, [schema])],
  );
  return `<?xml version="1.0" encoding="utf-8"?>${edmx}`;
}

/** SAP leaves out what is true, and writes what is not. */
function onlyFalse(flag: boolean | undefined): false | undefined {
  return flag === false ? false : undefined;
}

function describeSet({ name, qualifiedTypeName, definition }: EntitySet): string {
  return element("EntitySet", {
    Name: name,
    EntityType: qualifiedTypeName,
    "sap:label": definition.label,
    "sap:creatable": onlyFalse(definition.creatable),
    "sap:updatable": onlyFalse(definition.updatable),
    "sap:deletable": onlyFalse(definition.deletable),
    "sap:searchable": definition.searchable,
    "sap:content-version": 1,
  });
}

function describeType(set: EntitySet): string {
  return element("EntityType", { Name: set.typeName, "sap:label": set.definition.label, "sap:content-version": 1 }, [
    element(
      "Key",
      {},
      set.keyFields.map(({ name }) => element("PropertyRef", { Name: name })),
    ),
    ...[...set.fields.values()].map((field) => describeProperty(field)),
    ...[...set.navigations.values()].map((navigation) => {
      const { name } = associationOf(set, navigation);
      return element("NavigationProperty", {
        Name: navigation.name,
        Relationship: `${set.qualifiedTypeName.slice(0, -set.typeName.length)}${name}`,
        FromRole: `FromRole_${name}`,
        ToRole: `ToRole_${name}`,
        "sap:label": navigation.definition.label,
      });
    }),
  ]);
}

function describeProperty(field: Field): string {
  return element("Property", {
    Name: field.name,
    Type: edmTypes[field.kind],
    Nullable: onlyFalse(field.nullable),
    MaxLength: field.maxLength,
    Precision:
      field.precision ?? (field.kind === "date" || field.kind === "time" || field.kind === "timestamp" ? 0 : undefined),
    Scale: field.scale,
    "sap:unit": field.unit,
    "sap:semantics": field.semantics,
    "sap:text": field.text,
    "sap:display-format": field.kind === "date" ? "Date" : field.upperCase === true ? "UpperCase" : undefined,
    "sap:label": field.label,
    "sap:quickinfo": field.quickinfo,
    "sap:creatable": onlyFalse(field.creatable),
    "sap:updatable": onlyFalse(field.updatable),
    "sap:filterable": onlyFalse(field.filterable),
    "sap:sortable": onlyFalse(field.sortable),
  });
}

function describeFunction(
  { name, label, method, parameters, returns }: OperationDefinition,
  { namespace, entitySets }: ServiceDefinition,
): string {
  const type =
    returns === undefined
      ? undefined
      : "set" in returns
        ? entitySets.find((set) => set.name === returns.set)?.typeName
        : returns.complexType;
  return element(
    "FunctionImport",
    {
      Name: name,
      ReturnType:
        type === undefined
          ? undefined
          : returns?.many === true
            ? `Collection(${namespace}.${type})`
            : `${namespace}.${type}`,
      EntitySet: returns !== undefined && "set" in returns ? returns.set : undefined,
      "m:HttpMethod": method,
      "sap:label": label,
    },
    parameters.map((field) =>
      element("Parameter", {
        Name: field.name,
        Type: edmTypes[field.kind],
        Mode: "In",
        MaxLength: field.maxLength,
        Nullable: field.nullable === true ? true : undefined,
        "sap:label": field.label,
      }),
    ),
  );
}

function associationOf(from: EntitySet, { name, target, many }: SetNavigation) {
  return { name: `assoc_${from.typeName}_${name}`, from, to: target, many };
}
