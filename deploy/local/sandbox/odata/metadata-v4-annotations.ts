import type { Field } from "../model/field.ts";
import type { EntitySet } from "../services/entity-set.ts";
import { element } from "./xml-text.ts";

/** Labels, units and the like of the fields of a type, one `Annotations` element for each target. */
export function annotateType(
  type: Pick<EntitySet, "qualifiedTypeName" | "fields"> & Partial<Pick<EntitySet, "definition">>,
): string[] {
  const own =
    type.definition === undefined
      ? []
      : [annotations(type.qualifiedTypeName, [annotation("SAP__common.Label", { String: type.definition.label })])];
  return [
    ...own,
    ...[...type.fields.values()].map((field) =>
      annotations(`${type.qualifiedTypeName}/${field.name}`, describeField(field)),
    ),
  ];
}

/** What can be done with an entity set. */
export function annotateSet(set: EntitySet, namespace: string): string {
  const { creatable, updatable, deletable, searchable, aggregatable, draft } = set.definition;
  const fields = [...set.fields.values()];
  const restricted = (term: string, property: string, allowed: boolean) =>
    allowed ? [] : [annotation(`SAP__capabilities.${term}`, {}, [record([value(property, { Bool: false })])])];
  const paths = (property: string, names: readonly string[]) =>
    element("PropertyValue", { Property: property }, [
      element(
        "Collection",
        {},
        names.map((name) => `<PropertyPath>${name}</PropertyPath>`),
      ),
    ]);
  const nonFilterable = fields.filter((field) => field.filterable === false).map((field) => field.name);
  return annotations(`${namespace}.Container/${set.name}`, [
    ...restricted("InsertRestrictions", "Insertable", creatable),
    ...restricted("UpdateRestrictions", "Updatable", updatable),
    ...restricted("DeleteRestrictions", "Deletable", deletable),
    annotation("SAP__capabilities.SearchRestrictions", {}, [
      record([value("Searchable", { Bool: searchable === true })]),
    ]),
    annotation("SAP__capabilities.FilterRestrictions", {}, [
      record([
        value("Filterable", { Bool: true }),
        ...(nonFilterable.length > 0 ? [paths("NonFilterableProperties", nonFilterable)] : []),
      ]),
    ]),
    ...(aggregatable === true
      ? [
          annotation("SAP__aggregation.ApplySupported", {}, [
            record([
              element("PropertyValue", { Property: "Transformations" }, [
                element(
                  "Collection",
                  {},
                  ["filter", "groupby", "aggregate", "orderby", "top", "skip"].map(
                    (name) => `<String>${name}</String>`,
                  ),
                ),
              ]),
            ]),
          ]),
        ]
      : []),
    ...(draft === true
      ? [
          annotation("SAP__common.DraftRoot", {}, [
            record(
              [
                "ActivationAction:Activate",
                "DiscardAction:Discard",
                "EditAction:Edit",
                "PreparationAction:Prepare",
              ].map((pair) => {
                const [property = "", action = ""] = pair.split(":");
                return value(property, { String: `${namespace}.${action}` });
              }),
            ),
          ]),
        ]
      : []),
  ]);
}

function describeField(field: Field): string[] {
  const flag = (term: string) => annotation(term, {});
  return [
    annotation("SAP__common.Label", { String: field.label }),
    ...(field.quickinfo === undefined ? [] : [annotation("SAP__common.QuickInfo", { String: field.quickinfo })]),
    ...(field.upperCase === true ? [flag("SAP__common.IsUpperCase")] : []),
    ...(field.text === undefined ? [] : [annotation("SAP__common.Text", { Path: field.text })]),
    ...(field.unit === undefined
      ? []
      : [
          annotation(field.unit.includes("Currency") ? "SAP__measures.ISOCurrency" : "SAP__measures.Unit", {
            Path: field.unit,
          }),
        ]),
    ...(field.semantics === undefined
      ? []
      : [flag(field.semantics === "currency-code" ? "SAP__common.IsCurrency" : "SAP__common.IsUnit")]),
    ...(field.updatable !== false
      ? []
      : [flag(field.creatable === false ? "SAP__core.Computed" : "SAP__core.Immutable")]),
    ...(field.mandatory === true
      ? [annotation("SAP__common.FieldControl", { EnumMember: "SAP__common.FieldControlType/Mandatory" })]
      : []),
  ];
}

function annotations(target: string, children: readonly string[]): string {
  return element("Annotations", { Target: target.replace(/^com\.sap\..*\.v\d{4}\./, "SAP__self.") }, children);
}

function annotation(
  term: string,
  attributes: Readonly<Record<string, string>>,
  children: readonly string[] = [],
): string {
  return element("Annotation", { Term: term, ...attributes }, children);
}

function record(values: readonly string[]): string {
  return element("Record", {}, values);
}

function value(property: string, attributes: Readonly<Record<string, string | boolean>>): string {
  return element("PropertyValue", { Property: property, ...attributes });
}
