import { succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { SapAnswer } from "../odata/answer.ts";
import { buildChange, changeHeaders } from "../odata/build-change.ts";
import type { Change, ChangeOrder } from "../odata/build-change.ts";
import { describeChanges } from "../odata/describe-changes.ts";
import { explainDraft } from "../odata/explain-draft.ts";
import type { Row } from "../odata/format-key.ts";
import { readEntity } from "../odata/read-rows.ts";
import type { Entity } from "../odata/read-rows.ts";
import { pathOfLink } from "../odata/service-path.ts";
import { talk } from "./contact.ts";
import type { Talk, WriteRequest } from "./contact.ts";
import type { Result } from "./execute-operation.ts";
import type { LocatedEntitySet } from "./locate-service.ts";
import { readState, writeGuarded } from "./write-guarded.ts";
import type { GuardedEntity } from "./write-guarded.ts";

/**
 * Creates, updates, replaces or deletes one entity. What is there already is read first, so that SAP refuses the change
 * when somebody else makes one at the same time.
 */
export async function changeEntity(located: LocatedEntitySet, order: ChangeOrder): Promise<Outcome<Result>> {
  const { operation, parameters } = order;
  const change = buildChange(located.model, located.set, order);
  if (!change.ok) return change;
  return talk(located.contact, async (it) => {
    if (operation === "create") return createEntity(located, it, change.value);
    const entity: GuardedEntity = {
      model: located.model,
      type: change.value.type,
      path: `${located.service.path}/${change.value.path}`,
    };
    const before = await readState(it, entity);
    if (!before.ok) return before;
    const answer = await writeGuarded(it, requestOf(located, change.value), { ...entity, state: before.value });
    if (!answer.ok) return answer;
    if (operation === "delete") return succeed({ deleted: parameters });
    // SAP rarely sends the changed entity itself.
    const after =
      answer.value.body === "" ? await readState(it, entity) : readEntity(entity.model, entity.type, answer.value);
    return succeed(reportChange(located, { change: change.value, before: before.value, after }));
  });
}

async function createEntity(located: LocatedEntitySet, it: Talk, change: Change): Promise<Outcome<Result>> {
  const { model, set } = located;
  const answer = await it.write(requestOf(located, change));
  if (!answer.ok) return answer;
  const entity = await readCreated(located, it, { change, answer: answer.value });
  if (entity === undefined) return succeed({});
  // The write is done, whatever its answer looks like.
  if (!entity.ok) return succeed({ warnings: [`${set.name} was created. ${entity.failure.message}`] });
  const { row } = entity.value;
  const own = change.type === set.type ? set : [...model.entitySets.values()].find(({ type }) => type === change.type);
  const next = own && explainDraft(model, own, row);
  return succeed({ entity: row, ...(next !== undefined && { warnings: [next] }) });
}

/** What SAP says it has created; where it only names it, it is read. */
async function readCreated(
  { model, service, contact }: LocatedEntitySet,
  it: Talk,
  { change: { type }, answer }: { change: Change; answer: SapAnswer },
): Promise<Outcome<Entity> | undefined> {
  if (answer.body !== "") return readEntity(model, type, answer);
  const link = answer.headers["location"] ?? answer.headers["odata-entityid"];
  const base = { destinationPath: contact.destination.path, requestPath: `${service.path}/` };
  const path = link === undefined ? undefined : pathOfLink(link, base);
  if (path === undefined || !path.startsWith(`${service.path}/`)) return undefined;
  return readState(it, { model, type, path });
}

function reportChange(
  { model, set }: LocatedEntitySet,
  { change, before, after }: { change: Change; before: Entity; after: Outcome<Entity> },
): Result {
  if (!after.ok)
    return { warnings: [`${set.name} was changed, but reading it again failed: ${after.failure.message}`] };
  const { row } = after.value;
  const next = explainDraft(model, set, row);
  const isGiven = (name: string) => change.body !== undefined && name in change.body;
  const emptied =
    change.method === "PUT"
      ? describeChanges(withoutFields(before.row, isGiven), withoutFields(row, isGiven)).map((it) => `${it}.`)
      : [];
  const warnings = [
    ...(emptied.length > 0 ? [`Fields that were not given changed too: ${emptied.join(" ")}`] : []),
    ...(next === undefined ? [] : [next]),
  ];
  return { entity: row, ...(warnings.length > 0 && { warnings }) };
}

function withoutFields(row: Row, isLeftOut: (name: string) => boolean): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !isLeftOut(name)));
}

function requestOf({ service, model }: LocatedEntitySet, { method, path, body }: Change): WriteRequest {
  return {
    method,
    path: `${service.path}/${path}`,
    servicePath: service.path,
    headers: changeHeaders(model.odataVersion, body),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  };
}
