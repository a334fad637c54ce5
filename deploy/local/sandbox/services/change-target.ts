import type { Row } from "../model/field.ts";
import { noOptions } from "../odata/query-options.ts";
import type { QueryOptions } from "../odata/query-options.ts";
import { headerOf } from "../odata/odata-message.ts";
import type { ODataAnswer, ODataRequest } from "../odata/odata-message.ts";
import { isJsonObject, parseJsonObject } from "../odata/json-body.ts";
import type { JsonObject } from "../odata/json-body.ts";
import { refuse } from "../odata/sap-error.ts";
import { canonicalPath, etagOf } from "../odata/write-entity.ts";
import type { WriteContext } from "../odata/write-entity.ts";
import { answerEntity, versionHeader } from "../odata/write-answer.ts";
import { createEntity, deleteEntity, updateEntity } from "./change-entities.ts";
import type { Payload } from "./change-entities.ts";
import type { EntitySet } from "./entity-set.ts";
import type { CallContext, WriteCall } from "./call-context.ts";
import type { CollectionTarget, EntityTarget } from "./resolve-target.ts";
import type { ChangeContext } from "./table-rules.ts";

/** Creates in a collection; updates, replaces or deletes an entity whose ETag the client has to know. */
export function changeTarget(
  target: CollectionTarget | EntityTarget,
  request: ODataRequest,
  call: WriteCall,
): ODataAnswer {
  const change: ChangeContext = { database: call.service.database, user: call.user.name };
  if (target.kind === "collection") {
    if (request.method !== "POST") throw notAllowed(request);
    return create(target, request, { call, change });
  }
  const { set, row } = target;
  if (request.method === "POST") throw notAllowed(request);
  checkPrecondition(request, row, call);
  if (request.method === "DELETE") {
    change.database.transact(() => deleteEntity(set, row, change));
    report(request, canonicalPath(row, set), call);
    return { status: 204, headers: versionHeader(call.form), body: "" };
  }
  return update({ set, row }, request, { call, change });
}

/** @throws SapError 412 when the client saw another state; 428 when it does not say which, and `isRequired`. */
export function checkPrecondition(request: ODataRequest, row: Row, { service }: CallContext, isRequired = true): void {
  const condition = headerOf(request.headers, "if-match");
  if (condition === undefined) {
    if (!isRequired) return;
    throw refuse(
      "no-precondition",
      "The request requires a precondition: send the ETag of the entity in the header 'If-Match'",
    );
  }
  if (condition.trim() === "*" || condition.includes(etagOf(row, service.definition.version))) return;
  throw refuse("stale", "The state of the resource (entity) was already changed (If-Match)");
}

/** The JSON object in the body. @throws SapError when it is none. */
export function readPayload(request: ODataRequest, { version }: WriteContext): Payload {
  const type = headerOf(request.headers, "content-type") ?? "";
  if (!type.includes("json"))
    throw refuse("bad-media-type", `Unsupported media type '${type}': application/json is expected`);
  const json = parseJsonObject(request.body);
  // Some clients send back the envelope that they read.
  const content = version === "V2" && isJsonObject(json["d"]) ? json["d"] : json;
  return { json: content, form: { version, exactNumbers: /IEEE754Compatible=true/i.test(type) } };
}

function create(
  target: CollectionTarget,
  request: ODataRequest,
  { call, change }: { call: WriteCall; change: ChangeContext },
): ODataAnswer {
  const { set, inherited } = target;
  const payload = readPayload(request, call.form);
  const row = change.database.transact(() => createEntity(set, payload, change, inherited));
  const path = canonicalPath(row, set);
  report(request, path, call);
  const headers = { location: `${call.serviceUrl}/${path}` };
  if (isMinimal(request)) return minimalAnswer(row, set, call, headers);
  const options = expandNested(set, payload.json);
  return answerEntity(set, row, { context: call.form, options }, { status: 201, headers });
}

function update(
  { set, row }: { set: EntitySet; row: Row },
  request: ODataRequest,
  { call, change }: { call: WriteCall; change: ChangeContext },
): ODataAnswer {
  const isV2 = call.form.version === "V2";
  if (request.method !== "PATCH" && request.method !== "PUT" && !(isV2 && request.method === "MERGE"))
    throw notAllowed(request);
  const payload = readPayload(request, call.form);
  const updated = change.database.transact(() =>
    updateEntity(set, row, { payload, replace: request.method === "PUT" }, change),
  );
  report(request, canonicalPath(updated, set), call);
  const current = set.table().get(set.table().keyOf(updated.values)) ?? updated;
  return isV2 || isMinimal(request)
    ? minimalAnswer(current, set, call)
    : answerEntity(set, current, { context: call.form });
}

function minimalAnswer(
  row: Row,
  set: EntitySet,
  { form }: WriteCall,
  headers: Record<string, string> = {},
): ODataAnswer {
  return { status: 204, headers: { ...versionHeader(form), etag: etagOf(row, set.version), ...headers }, body: "" };
}

/** What was inserted deep comes back deep. */
function expandNested(set: EntitySet, json: JsonObject): QueryOptions {
  const names = Object.keys(json).filter((name) => set.navigations.has(name));
  return { ...noOptions, expand: new Map(names.map((name) => [name, noOptions])) };
}

function isMinimal(request: ODataRequest): boolean {
  return headerOf(request.headers, "prefer")?.includes("return=minimal") === true;
}

function report({ method, path, headers }: ODataRequest, key: string, { service, onWrite }: CallContext): void {
  onWrite({ method, service: service.definition.id, path, key, headers });
}

function notAllowed({ method }: ODataRequest) {
  return refuse("method-not-allowed", `Method ${method} is not allowed for this resource`);
}
