import type { Attributes, Declarations } from "./declarations.ts";
import { asRecords, asText, asTexts, resolveAlias } from "./read-annotations.ts";
import type { AnnotationReader, Terms } from "./read-annotations.ts";
import type { Field, Property, PropertyUse, ValueList } from "./service-model.ts";

/** The declarations of a document and what is annotated in it. */
export interface Source {
  readonly found: Declarations;
  readonly annotations: AnnotationReader;
}

/** Fields are many: filling one step by step takes half as long as spreading parts into it. */
type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A property of the type whose name is given. */
export function linkProperty(source: Source, typeName: string, attributes: Attributes): Property {
  const says = source.annotations.aboutMember(typeName, attributes.get("Name"));
  const control = says?.textOf("Common.FieldControl") ?? "";
  const isComputed = isTrue(says, "Core.Computed") || control.endsWith("/ReadOnly");
  const not: PropertyUse[] = [];
  if (isComputed || attributes.get("sap:creatable") === "false") not.push("creatable");
  if (isComputed || attributes.get("sap:updatable") === "false" || isTrue(says, "Core.Immutable"))
    not.push("updatable");
  if (attributes.get("sap:filterable") === "false") not.push("filterable");
  if (attributes.get("sap:sortable") === "false") not.push("sortable");
  const unit = attributes.get("sap:unit") ?? says?.textOf("Measures.ISOCurrency") ?? says?.textOf("Measures.Unit");
  const text = attributes.get("sap:text") ?? says?.textOf("Common.Text");
  const role = attributes.get("sap:aggregation-role");
  const value = attributes.get("DefaultValue");
  const property = linkField(source, attributes, says) as Writable<Property>;
  property.not = not;
  if (control.endsWith("/Mandatory")) property.required = true;
  if (value !== undefined) property.default = value;
  if (unit) property.unit = unit;
  if (text) property.text = text;
  if (role === "dimension" || role === "measure") property.role = role;
  return property;
}

/** A property or a parameter, with what annotations say of it. */
export function linkField({ found }: Source, attributes: Attributes, says: Terms | undefined): Field {
  const { type, many } = resolveReference(found, attributes.get("Type") ?? "Edm.String");
  const { label, documentation } = describe(attributes, says);
  const format = attributes.get("sap:display-format");
  const valueList = linkValueList(attributes, says);
  const field: Writable<Field> = {
    name: attributes.get("Name") ?? "",
    type: found.definitions.get(type) ?? type,
    many,
    nullable: attributes.get("Nullable") !== "false",
  };
  if (label !== undefined) field.label = label;
  if (documentation !== undefined) field.documentation = documentation;
  const maxLength = limitOf(attributes.get("MaxLength"));
  const precision = limitOf(attributes.get("Precision"));
  const scale = limitOf(attributes.get("Scale"));
  if (maxLength !== undefined) field.maxLength = maxLength;
  if (precision !== undefined) field.precision = precision;
  if (scale !== undefined) field.scale = scale;
  if (format === "Date" && type === "Edm.DateTime") field.dateOnly = true;
  if (format === "UpperCase" || isTrue(says, "Common.IsUpperCase")) field.upperCase = true;
  if (valueList !== undefined) field.valueList = valueList;
  return field;
}

/** Label and documentation, the latter where it says more than the label. */
export function describe(
  attributes: Attributes | undefined,
  says: Terms | undefined,
): { label?: string; documentation?: string } {
  const label = attributes?.get("sap:label") ?? says?.textOf("Common.Label");
  const documentation =
    attributes?.get("sap:quickinfo") ??
    says?.textOf("Common.QuickInfo") ??
    says?.textOf("Core.Description") ??
    says?.textOf("Core.LongDescription");
  return {
    ...(label && { label }),
    ...(documentation && documentation.toLowerCase() !== label?.toLowerCase() && { documentation }),
  };
}

export function resolveReference(found: Declarations, reference: string): { type: string; many: boolean } {
  const written = reference.trim();
  const many = written.startsWith("Collection(") && written.endsWith(")");
  return { type: resolveAlias(found.aliases, many ? written.slice(11, -1) : written), many };
}

/** "max" and "variable" set no limit that a number could say. */
function limitOf(facet: string | undefined): number | undefined {
  const limit = facet ? Number(facet) : Number.NaN;
  return Number.isSafeInteger(limit) && limit >= 0 ? limit : undefined;
}

function isTrue(says: Terms | undefined, term: string): boolean {
  return says?.textOf(term) === "true";
}

function linkValueList(attributes: Attributes, says: Terms | undefined): ValueList | undefined {
  if (says === undefined) return attributes.get("sap:value-list") === "fixed-values" ? { fixed: true } : undefined;
  const term = "Common.ValueList";
  const entitySet = asText(says?.propertyOf(term, "CollectionPath"));
  const own = asRecords(says?.propertyOf(term, "Parameters")).find(
    (it) => it.get("LocalDataProperty") === attributes.get("Name"),
  );
  const property = asText(own?.get("ValueListProperty"));
  const elsewhere =
    asText(says?.propertyOf(term, "CollectionRoot")) ?? asTexts(says?.valueOf("Common.ValueListReferences"))[0];
  const isFixed =
    attributes.get("sap:value-list") === "fixed-values" || isTrue(says, "Common.ValueListWithFixedValues");
  if (entitySet === undefined && elsewhere === undefined && !isFixed) return undefined;
  return {
    ...(entitySet !== undefined && { entitySet }),
    ...(property !== undefined && { property }),
    ...(elsewhere !== undefined && { path: elsewhere }),
    ...(isFixed && { fixed: true }),
  };
}
