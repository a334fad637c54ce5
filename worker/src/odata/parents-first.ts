import type { PlannedItem, PlannedRequest } from "./plan-batch.ts";
import type { EntitySet } from "./service-model.ts";

/**
 * A change set with the updates of an entity before the changes of its parts, which often change the entity too: its
 * ETag is then still the one that was read. All else stays in its order.
 */
export function parentsFirst(item: PlannedItem): PlannedItem {
  const left = [...item.requests];
  const requests: PlannedRequest[] = [];
  while (left.length > 0) {
    const waits = (it: PlannedRequest) => left.some((other) => isUpdate(other) && isPartOf(it.set, other.set));
    // Sets that are parts of one another have no order.
    const next = left.findIndex((it) => !waits(it));
    requests.push(...left.splice(Math.max(next, 0), 1));
  }
  return { ...item, requests };
}

function isUpdate({ change }: PlannedRequest): boolean {
  return change !== undefined && change.method !== "POST" && change.method !== "DELETE";
}

function isPartOf(part: EntitySet, whole: EntitySet): boolean {
  const leadsToMany = (from: EntitySet, to: EntitySet) =>
    [...from.type.navigations.values()].some(({ name, many }) => many && from.targets.get(name) === to.name);
  return leadsToMany(whole, part) && !leadsToMany(part, whole);
}
