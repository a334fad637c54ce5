import type { Field, FieldKind } from "../model/field.ts";
import type { OperationDefinition, ServiceDefinition } from "../model/service-definition.ts";
import type { EntitySet } from "../services/entity-set.ts";
import { annotateSet, annotateType } from "./metadata-v4-annotations.ts";
import { element } from "./xml-text.ts";

const edmTypes: Readonly<Record<FieldKind, string>> = {
  string: "Edm.String",
  guid: "Edm.Guid",
  decimal: "Edm.Decimal",
  int32: "Edm.Int32",
  int64: "Edm.Int64",
  boolean: "Edm.Boolean",
  date: "Edm.Date",
  time: "Edm.TimeOfDay",
  timestamp: "Edm.DateTimeOffset",
};

const vocabularies = [
  ["Org.OData.Core.V1", "SAP__core"],
  ["Org.OData.Capabilities.V1", "SAP__capabilities"],
  ["Org.OData.Aggregation.V1", "SAP__aggregation"],
  ["Org.OData.Measures.V1", "SAP__measures"],
  ["com.sap.vocabularies.Common.v1", "SAP__common"],
] as const;

/** The $metadata document of a V4 service in the form of SAP Gateway: annotations by target, alias SAP__self. */
export function describeV4(service: ServiceDefinition, sets: Iterable<EntitySet>): string {
  const all = [...sets];
  const { namespace } = service;
  const references = vocabularies.map(([name, alias]) =>
    element(
      "edmx:Reference",
      {
        Uri: `/sap/opu/odata/IWFND/CATALOGSERVICE;v=2/Vocabularies(TechnicalName='%2FIWBEP%2FVOC_${alias.slice(5).toUpperCase()}',Version='0001')/$value`,
      },
      [element("edmx:Include", { Namespace: name, Alias: alias })],
    ),
  );
  const schema = element(
    "Schema",
    { xmlns: "http://docs.oasis-open.org/odata/ns/edm", Namespace: namespace, Alias: "SAP__self" },
    [
      ...all.map(describeType),
      ...service.complexTypes.map(({ name, fields }) =>
        element(
          "ComplexType",
          { Name: name },
          fields.map((field) => describeProperty("Property", field)),
        ),
      ),
      ...service.operations.map((operation) => describeOperation(operation, service)),
      element("EntityContainer", { Name: "Container" }, [
        ...all.map((set) =>
          element(
            "EntitySet",
            { Name: set.name, EntityType: set.qualifiedTypeName },
            [...set.navigations.values()].map(({ name, target }) =>
              element("NavigationPropertyBinding", { Path: name, Target: target.name }),
            ),
          ),
        ),
        ...service.operations
          .filter((operation) => operation.boundTo === undefined)
          .map((operation) => describeImport(operation, namespace)),
      ]),
      ...all.flatMap(annotateType),
      ...all.map((set) => annotateSet(set, namespace)),
      ...service.complexTypes.flatMap(({ name, fields }) =>
        annotateType({
          qualifiedTypeName: `${namespace}.${name}`,
          fields: new Map(fields.map((field) => [field.name, field])),
        }),
      ),
    ],
  );
  const edmx = element("edmx:Edmx", { Version: "4.0", "xmlns:edmx": "http://docs.oasis-open.org/odata/ns/edmx" }, [
    ...references,
    element("edmx:DataServices", {}, [schema]),
  ]);
  return `<?xml version="1.0" encoding="utf-8"?>${edmx}`;
}

function describeType(set: EntitySet): string {
  return element("EntityType", { Name: set.typeName }, [
    element(
      "Key",
      {},
      set.keyFields.map(({ name }) => element("PropertyRef", { Name: name })),
    ),
    ...[...set.fields.values()].map((field) => describeProperty("Property", field)),
    ...[...set.navigations.values()].map(({ name, many, target, definition }) => {
      const type = many ? `Collection(${target.qualifiedTypeName})` : target.qualifiedTypeName;
      const constraints = Object.entries(definition.join).map(([here, there]) =>
        element("ReferentialConstraint", { Property: here, ReferencedProperty: there }),
      );
      return element(
        "NavigationProperty",
        { Name: name, Type: type, Nullable: many ? undefined : true },
        many ? [] : constraints,
      );
    }),
  ]);
}

function describeProperty(tag: "Property" | "Parameter", field: Field): string {
  const scale =
    field.kind === "decimal"
      ? field.semantics === undefined && field.unit !== undefined
        ? "variable"
        : field.scale
      : undefined;
  return element(tag, {
    Name: field.name,
    Type: edmTypes[field.kind],
    Nullable:
      field.nullable === false ||
      (tag === "Property" && field.kind !== "date" && field.kind !== "timestamp" && field.kind !== "time")
        ? false
        : undefined,
    MaxLength: field.maxLength,
    Precision: field.precision ?? (field.kind === "timestamp" ? 7 : undefined),
    Scale: scale,
  });
}

function describeOperation(
  { name, method, boundTo, parameters, returns }: OperationDefinition,
  { namespace, entitySets }: ServiceDefinition,
): string {
  const typeOf = (set: string) => `${namespace}.${entitySets.find((candidate) => candidate.name === set)?.typeName}`;
  const type =
    returns === undefined ? undefined : "set" in returns ? typeOf(returns.set) : `${namespace}.${returns.complexType}`;
  return element(
    method === "GET" ? "Function" : "Action",
    {
      Name: name,
      IsBound: boundTo === undefined ? undefined : true,
      EntitySetPath:
        boundTo !== undefined && returns !== undefined && "set" in returns && returns.set === boundTo
          ? "_it"
          : undefined,
    },
    [
      ...(boundTo === undefined ? [] : [element("Parameter", { Name: "_it", Type: typeOf(boundTo), Nullable: false })]),
      ...parameters.map((field) => describeProperty("Parameter", field)),
      ...(type === undefined
        ? []
        : [element("ReturnType", { Type: returns?.many === true ? `Collection(${type})` : type, Nullable: false })]),
    ],
  );
}

function describeImport({ name, method, returns }: OperationDefinition, namespace: string): string {
  const kind = method === "GET" ? "Function" : "Action";
  return element(`${kind}Import`, {
    Name: name,
    [kind]: `${namespace}.${name}`,
    EntitySet: returns !== undefined && "set" in returns ? returns.set : undefined,
  });
}
