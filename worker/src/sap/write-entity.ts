import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { addWarnings } from "../odata/add-warnings.ts";
import type { SapAnswer } from "../odata/answer.ts";
import { buildChange, changeHeaders } from "../odata/build-change.ts";
import type { Change, ChangeOrder } from "../odata/build-change.ts";
import { describeChanges, describeNow } from "../odata/describe-changes.ts";
import { explainDraft } from "../odata/explain-draft.ts";
import { explainMissing } from "../odata/explain-missing.ts";
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
 * when somebody else makes one at the same time, or has made one since the caller got the `etag`.
 */
export async function changeEntity(
  located: LocatedEntitySet,
  order: ChangeOrder,
  etag?: string,
): Promise<Outcome<Result>> {
  const change = buildChange(located.model, located.set, order);
  if (!change.ok) return change;
  // It becomes a header.
  if (etag !== undefined && !/^[\x20-\x7e]+$/.test(etag))
    return fail("invalid-input", "etag is not what read-single brings.", { guidance: "Read the entity again." });
  const done = await talk(located.contact, (it) =>
    order.operation === "create"
      ? createEntity(located, it, change.value)
      : changeExisting(located, it, { order, change: change.value, etag }),
  );
  return done.ok ? succeed(addWarnings(done.value, change.value.warnings)) : done;
}

async function changeExisting(
  located: LocatedEntitySet,
  it: Talk,
  { order, change, etag }: { order: ChangeOrder; change: Change; etag: string | undefined },
): Promise<Outcome<Result>> {
  const { model, set, service } = located;
  const entity: GuardedEntity = { model, type: change.type, path: `${service.path}/${change.path}` };
  const before = await readState(it, entity);
  if (!before.ok) return { ok: false, failure: explainMissing(before.failure, { model, set, ...order }) };
  if (etag !== undefined && before.value.etag === undefined)
    return fail("invalid-input", `${set.name} has no ETags, so SAP can't compare them.`, {
      guidance: "Leave etag out.",
    });
  const state = { ...before.value, ...(etag !== undefined && { etag }) };
  const answer = await writeGuarded(it, requestOf(located, change), { ...entity, state });
  if (!answer.ok && answer.failure.kind === "conflict" && state.etag !== before.value.etag)
    return failStale(before.value, change);
  if (!answer.ok) return answer;
  if (order.operation === "delete") return succeed({ deleted: order.parameters });
  // SAP rarely sends the changed entity itself.
  const after = answer.value.body === "" ? await readState(it, entity) : readEntity(model, change.type, answer.value);
  return succeed(reportChange(located, { change, before: before.value, after }));
}

/** What was changed since the caller's ETag is not known, but what the change would have overwritten is. */
function failStale({ row }: Entity, { body = {} }: Change): ReturnType<typeof fail> {
  const now = describeNow(row, Object.keys(body));
  return fail(
    "conflict",
    `The entity was changed in SAP since its etag was read, so this change was not made.${now.length > 0 ? ` Now: ${now.join("; ")}` : ""}`,
    { guidance: "Read it again with read-single; repeat the change with the new etag if it is still wanted." },
  );
}

async function createEntity(located: LocatedEntitySet, it: Talk, change: Change): Promise<Outcome<Result>> {
  const { model, set } = located;
  const answer = await it.write(requestOf(located, change));
  if (!answer.ok) return answer;
  const entity = await readCreated(located, it, { change, answer: answer.value });
  if (entity === undefined) return succeed({});
  // The write is done, whatever its answer looks like.
  if (!entity.ok) return succeed({ warnings: [`${set.name} was created. ${entity.failure.message}`] });
  const { row, etag } = entity.value;
  const own = change.type === set.type ? set : [...model.entitySets.values()].find(({ type }) => type === change.type);
  const next = own && explainDraft(model, own, row);
  return succeed({ entity: row, ...(etag !== undefined && { etag }), ...(next !== undefined && { warnings: [next] }) });
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
  const { row, etag } = after.value;
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
  return { entity: row, ...(etag !== undefined && { etag }), ...(warnings.length > 0 && { warnings }) };
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
