import type { Row } from "./format-key.ts";
import type { Field, Navigation, ServiceModel } from "./service-model.ts";
import { toCapitals } from "./to-capitals.ts";

/** Values by name, and what is declared of them. */
interface Values {
  readonly properties: ReadonlyMap<string, Field>;
  readonly navigations?: ReadonlyMap<string, Navigation>;
  readonly row: Row;
}

/** A sentence on the values that are sent in capital letters though they were given otherwise; none where there are none. */
export function explainCapitals(model: ServiceModel, ...given: readonly Values[]): string[] {
  const changes = [...new Set(given.flatMap((values) => findChanges(model, values)))];
  return changes.length === 0 ? [] : [`Sent in capital letters, since SAP keeps no others: ${changes.join(", ")}.`];
}

function findChanges(model: ServiceModel, { properties, navigations, row }: Values): string[] {
  return Object.entries(row).flatMap(([name, value]) => {
    const property = properties.get(name);
    const nested = model.types.get((property ?? navigations?.get(name))?.type ?? "");
    return [value].flat().flatMap((item) => {
      if (typeof item === "object" && item !== null && nested !== undefined)
        return findChanges(model, { ...nested, row: item as Row });
      if (typeof item !== "string" || property?.upperCase !== true || toCapitals(item) === item) return [];
      return [`${name} ${JSON.stringify(item)} → ${JSON.stringify(toCapitals(item))}`];
    });
  });
}
