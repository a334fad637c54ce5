import { parse } from "@sap-ux/edmx-parser";
import { parseMetadata } from "../src/odata/parse-metadata.ts";

/** The part of edmx-parser's answer that is compared; its own types stand in a package that it does not bring along. */
interface RawSchema {
  readonly entityTypes: readonly { readonly fullyQualifiedName: string; readonly keys: readonly unknown[] }[];
  readonly entitySets: readonly { readonly entityTypeName: string }[];
  readonly actions: readonly { readonly isBound: boolean }[];
  readonly actionImports: readonly unknown[];
}

/** What both parsers must agree about. */
export interface Counts {
  readonly entitySets: number;
  /** Key properties of the types of all entity sets. */
  readonly keys: number;
  /** V2: function imports. V4: imports of functions and actions. */
  readonly imports: number;
  /** V4 functions and actions that are bound to a type. */
  readonly boundOperations: number;
}

/** The counts of our own extractor; a string is the reason for which it refused the document. */
export function countByExtractor(xml: string): Counts | string {
  const outcome = parseMetadata(xml);
  if (!outcome.ok) return outcome.failure.message;
  const { entitySets, operations } = outcome.value;
  const unbound = [...operations.values()].filter((it) => it.boundTo === undefined);
  return {
    entitySets: entitySets.size,
    keys: sum([...entitySets.values()].map(({ type }) => type.keys.length)),
    // An import stands for all overloads of its function.
    imports: new Set(unbound.map(({ name }) => name)).size,
    boundOperations: operations.size - unbound.length,
  };
}

/** The counts of edmx-parser. @throws on some of what is no service description. */
export function countByOracle(xml: string): Counts {
  const { schema } = parse(xml) as { readonly schema: RawSchema };
  const types = new Map(schema.entityTypes.map((type) => [type.fullyQualifiedName, type]));
  const actions = schema.actions.filter(({ isBound }) => isBound);
  return {
    entitySets: schema.entitySets.length,
    keys: sum(schema.entitySets.map(({ entityTypeName }) => types.get(entityTypeName)?.keys.length ?? 0)),
    imports: schema.actionImports.length || schema.actions.length - actions.length,
    boundOperations: actions.length,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, it) => total + it, 0);
}
