import type {
  EntitySet,
  EnumType,
  Navigation,
  OperationParameter,
  Property,
  ServiceModel,
  ServiceOperation,
  StructuredType,
} from "./service-model.ts";

/** Says what a packed model looks like; another figure for each change, since old and new processes share their models. */
export const modelFormat = 1;

interface PackedModel extends Omit<ServiceModel, "entitySets" | "types" | "enumTypes" | "operations"> {
  readonly types: readonly (Omit<StructuredType, "properties" | "navigations"> & {
    readonly properties: readonly Property[];
    readonly navigations: readonly Navigation[];
  })[];
  readonly entitySets: readonly (Omit<EntitySet, "type" | "targets"> & {
    readonly type: string;
    readonly targets: readonly (readonly [string, string])[];
  })[];
  readonly enumTypes: readonly EnumType[];
  readonly operations: readonly (readonly [
    key: string,
    Omit<ServiceOperation, "parameters"> & { readonly parameters: readonly OperationParameter[] },
  ])[];
}

/** A model as text, to be kept where other processes find it. */
export function packModel({ odataVersion, types, entitySets, enumTypes, operations }: ServiceModel): string {
  const packed: PackedModel = {
    odataVersion,
    types: [...types.values()].map((type) => ({
      ...type,
      properties: [...type.properties.values()],
      navigations: [...type.navigations.values()],
    })),
    entitySets: [...entitySets.values()].map((set) => ({ ...set, type: set.type.name, targets: [...set.targets] })),
    enumTypes: [...enumTypes.values()],
    operations: [...operations].map(([key, it]) => [key, { ...it, parameters: [...it.parameters.values()] }]),
  };
  return JSON.stringify(packed);
}

/** The model of a text that `packModel` made in this format. */
export function unpackModel(text: string): ServiceModel {
  const packed = JSON.parse(text) as PackedModel;
  const types = new Map(
    packed.types.map((type): [string, StructuredType] => [
      type.name,
      { ...type, properties: byName(type.properties), navigations: byName(type.navigations) },
    ]),
  );
  const entitySets = packed.entitySets.flatMap((set): EntitySet[] => {
    const type = types.get(set.type);
    return type === undefined ? [] : [{ ...set, type, targets: new Map(set.targets) }];
  });
  return {
    odataVersion: packed.odataVersion,
    types,
    entitySets: byName(entitySets),
    enumTypes: byName(packed.enumTypes),
    operations: new Map(packed.operations.map(([key, it]) => [key, { ...it, parameters: byName(it.parameters) }])),
  };
}

function byName<T extends { readonly name: string }>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((it) => [it.name, it]));
}
