import type { Property, ServiceModel, ValueList } from "./service-model.ts";

export interface FieldDescription {
  name: string;
  type: string;
  label?: string;
  about?: string;
  nullable?: boolean;
  required?: boolean;
  default?: string;
  maxLength?: number;
  precision?: number;
  scale?: number;
  unit?: string;
  text?: string;
  values?: string;
  format?: "UpperCase" | "Date";
  role?: "dimension" | "measure";
  not?: Property["not"][number][];
  fields?: string[];
}

/** What an agent needs to know of a field, without what goes without saying. */
export function describeField(model: ServiceModel, property: Property): FieldDescription {
  const { name, type, many, nullable, label, documentation: about, not, default: initial } = property;
  const { maxLength, precision, scale, unit, text, role } = property;
  const values = describeValues(model, property);
  const structure = model.types.get(type);
  const isReadOnly = not.includes("creatable") && not.includes("updatable");
  return {
    name,
    type: many ? `Collection(${type})` : type,
    ...(label !== undefined && label !== name && { label }),
    ...(about !== undefined && { about }),
    ...(!nullable && !isReadOnly && { nullable }),
    ...(property.required === true && { required: true }),
    ...(initial !== undefined && { default: initial }),
    ...(maxLength !== undefined && { maxLength }),
    ...(precision !== undefined && type === "Edm.Decimal" && { precision }),
    ...(scale !== undefined && { scale }),
    ...(unit !== undefined && { unit }),
    ...(text !== undefined && { text }),
    ...(values !== undefined && { values }),
    ...(property.upperCase === true && { format: "UpperCase" }),
    ...(property.dateOnly === true && { format: "Date" }),
    ...(role !== undefined && { role }),
    ...(not.length > 0 && { not: [...not] }),
    ...(structure !== undefined && { fields: [...structure.properties.keys()] }),
  };
}

/** Members of an enumeration, or where the valid values stand. */
export function describeValues(model: ServiceModel, { type, valueList }: Property): string | undefined {
  const { members = [], flags = false } = model.enumTypes.get(type) ?? {};
  if (members.length > 0) {
    const texts = members.map(({ name, label }) => (label === undefined ? name : `${name} (${label})`));
    return `${flags ? "any of" : "one of"} ${texts.join(", ")}`;
  }
  return valueList === undefined ? undefined : describeValueList(valueList);
}

function describeValueList({ entitySet, property, path, fixed }: ValueList): string {
  const few = fixed === true ? "a few fixed values" : "values";
  if (path !== undefined) return `${few}, listed by the service ${path}`;
  if (entitySet === undefined) return few;
  return `${few}, read them from ${entitySet}${property === undefined ? "" : `, field ${property}`}`;
}
