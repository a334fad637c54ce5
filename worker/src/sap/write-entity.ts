import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { formatEntityPath, splitKey } from "../odata/format-key.ts";
import type { Row } from "../odata/format-key.ts";
import { jsonAccept, jsonContentType } from "../odata/media-types.ts";
import { readEntity } from "../odata/read-rows.ts";
import { writeBody } from "../odata/write-body.ts";
import { talk } from "./contact.ts";
import type { Talk, WriteRequest } from "./contact.ts";
import type { Result } from "./execute-operation.ts";
import type { LocatedEntitySet } from "./locate-service.ts";

/** Creates an entity from its fields. */
export async function createEntity(located: LocatedEntitySet, fields: Row): Promise<Outcome<Result>> {
  const { contact, service, model, set } = located;
  const body = writeBody(model, set.type, fields);
  if (!body.ok) return body;
  return talk(contact, async ({ write }) => {
    const answer = await write(
      requestOf(located, { method: "POST", path: `${service.path}/${encodeURIComponent(set.name)}`, body: body.value }),
    );
    if (!answer.ok) return answer;
    if (answer.value.body === "") return succeed({});
    const entity = readEntity(model, set.type, answer.value);
    // The write is done, whatever its answer looks like.
    return succeed(
      entity.ok ? { entity: entity.value.row } : { warnings: [`${set.name} was created. ${entity.failure.message}`] },
    );
  });
}

/** Changes some fields of the entity that the key fields name, if nobody else changes it at the same time. */
export async function updateEntity(located: LocatedEntitySet, fields: Row): Promise<Outcome<Result>> {
  const { contact, service, model, set } = located;
  const { keys, rest } = splitKey(set, fields);
  const path = formatEntityPath(model, set, keys);
  if (!path.ok) return path;
  if (Object.keys(rest).length === 0)
    return fail("invalid-input", "There is nothing to change: parameters holds the key alone.");
  const body = writeBody(model, set.type, rest);
  if (!body.ok) return body;
  const entityPath = `${service.path}/${path.value}`;
  return talk(contact, async (it) => {
    const current = await readState(located, it, entityPath);
    if (!current.ok) return current;
    const method = model.odataVersion === "V2" ? "MERGE" : "PATCH";
    const answer = await it.write(
      requestOf(located, { method, path: entityPath, body: body.value, etag: current.value.etag }),
    );
    if (!answer.ok) return answer;
    // SAP rarely sends the changed entity itself.
    const changed =
      answer.value.body === "" ? await readState(located, it, entityPath) : readEntity(model, set.type, answer.value);
    return succeed(
      changed.ok
        ? { entity: changed.value.row }
        : { warnings: [`${set.name} was updated, but reading it again failed: ${changed.failure.message}`] },
    );
  });
}

/** Deletes the entity that the key fields name, if nobody changes it at the same time. */
export async function deleteEntity(located: LocatedEntitySet, keys: Row): Promise<Outcome<Result>> {
  const path = formatEntityPath(located.model, located.set, keys);
  if (!path.ok) return path;
  const entityPath = `${located.service.path}/${path.value}`;
  return talk(located.contact, async (it) => {
    const current = await readState(located, it, entityPath);
    if (!current.ok) return current;
    const answer = await it.write(requestOf(located, { method: "DELETE", path: entityPath, etag: current.value.etag }));
    return answer.ok ? succeed({ deleted: keys }) : answer;
  });
}

interface Change {
  readonly method: WriteRequest["method"];
  readonly path: string;
  readonly body?: Row;
  readonly etag?: string | undefined;
}

function requestOf({ service, model }: LocatedEntitySet, { method, path, body, etag }: Change): WriteRequest {
  return {
    method,
    path,
    servicePath: service.path,
    headers: {
      accept: jsonAccept(model.odataVersion),
      ...(body !== undefined && { "content-type": jsonContentType(model.odataVersion) }),
      ...(etag !== undefined && { "if-match": etag }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  };
}

/** The entity as it is now, and the ETag by which SAP notices a change in between. */
async function readState(
  { model, set }: LocatedEntitySet,
  { read }: Talk,
  path: string,
): Promise<Outcome<{ row: Row; etag?: string }>> {
  const answer = await read({ path, headers: { accept: jsonAccept(model.odataVersion) } });
  return answer.ok ? readEntity(model, set.type, answer.value) : answer;
}
