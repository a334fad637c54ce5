import type { Database } from "../data/database.ts";
import type { Table } from "../data/table.ts";
import type { Field, Row } from "../model/field.ts";
import type {
  EntitySetDefinition,
  NavigationDefinition,
  ODataVersion,
  ServiceDefinition,
} from "../model/service-definition.ts";
import type { Navigation, Shape } from "../odata/shape.ts";

/** An entity set of a service, bound to the table whose rows it shows. */
export interface EntitySet extends Shape {
  readonly name: string;
  readonly version: ODataVersion;
  readonly qualifiedTypeName: string;
  readonly definition: EntitySetDefinition;
  readonly keyFields: readonly Field[];
  readonly navigations: ReadonlyMap<string, SetNavigation>;
  readonly table: () => Table;
}

export interface SetNavigation extends Navigation {
  readonly target: EntitySet;
  readonly definition: NavigationDefinition;
}

/** All entity sets of a service by name. @throws Error when a navigation leads to a set that is not there. */
export function bindEntitySets(service: ServiceDefinition, database: Database): ReadonlyMap<string, EntitySet> {
  const sets = new Map<string, EntitySet>();
  const setOf = (name: string): EntitySet => {
    const set = sets.get(name);
    if (set === undefined) throw new Error(`service ${service.id} has no entity set ${name}`);
    return set;
  };
  for (const definition of service.entitySets)
    sets.set(definition.name, bindEntitySet(definition, service, { database, setOf }));
  for (const { navigations } of service.entitySets) for (const { target } of navigations) setOf(target);
  return sets;
}

interface Surroundings {
  readonly database: Database;
  readonly setOf: (name: string) => EntitySet;
}

function bindEntitySet(
  definition: EntitySetDefinition,
  service: ServiceDefinition,
  { database, setOf }: Surroundings,
): EntitySet {
  const { definition: table } = database.table(definition.table);
  const fields = new Map(table.fields.map((field) => [field.name, field]));
  const navigations = definition.navigations.map((navigation): [string, SetNavigation] => {
    return [
      navigation.name,
      {
        name: navigation.name,
        many: navigation.many,
        definition: navigation,
        // The target may be a set that is bound later, or this one.
        get target() {
          return setOf(navigation.target);
        },
        follow: (row) => followNavigation(row, navigation, setOf(navigation.target).table()),
      },
    ];
  });
  return {
    name: definition.name,
    version: service.version,
    typeName: definition.typeName,
    qualifiedTypeName: `${service.namespace}.${definition.typeName}`,
    definition,
    fields,
    keyFields: table.keys.map((name) => fields.get(name) as Field),
    navigations: new Map(navigations),
    table: () => database.table(definition.table),
  };
}

function followNavigation({ values }: Row, { join, keyThere }: NavigationDefinition, target: Table): readonly Row[] {
  const pairs = Object.entries(join);
  const wanted = keyThere?.(values) ?? Object.fromEntries(pairs.map(([here, there]) => [there, values[here] ?? null]));
  if (target.definition.keys.every((key) => key in wanted)) {
    const found = target.get(target.keyOf(wanted));
    return found === undefined ? [] : [found];
  }
  const indexed = pairs.map(([, there]) => there).find((there) => target.isIndexed(there)) ?? "";
  const found = target.find(indexed, wanted[indexed] ?? null);
  return pairs.length === 1
    ? found
    : found.filter((other) => pairs.every(([, there]) => other.values[there] === wanted[there]));
}
