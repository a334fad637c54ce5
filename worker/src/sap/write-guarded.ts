import { fail } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { SapAnswer } from "../odata/answer.ts";
import { describeChanges } from "../odata/describe-changes.ts";
import type { Row } from "../odata/format-key.ts";
import { jsonAccept } from "../odata/media-types.ts";
import { readFailure } from "../odata/read-failure.ts";
import { readEntity } from "../odata/read-rows.ts";
import type { Entity } from "../odata/read-rows.ts";
import type { ServiceModel, StructuredType } from "../odata/service-model.ts";
import { refuseWriteErrors } from "./contact.ts";
import type { Talk, WriteRequest } from "./contact.ts";

/** The entity that a write concerns, and by whose ETag SAP notices a change in between. */
export interface GuardedEntity {
  readonly model: ServiceModel;
  readonly type: StructuredType;
  readonly path: string;
  /** As it was read before the write, if it was. */
  readonly state?: Entity;
}

/**
 * Sends a write with the ETag of its entity. Where SAP misses the ETag (428), the entity is read and the write sent again;
 * where the entity was changed meanwhile (412), the failure says what has changed.
 */
export async function writeGuarded(
  talk: Talk,
  request: WriteRequest,
  entity: GuardedEntity,
): Promise<Outcome<SapAnswer>> {
  let { state } = entity;
  let answer = await talk.tryWrite(withEtag(request, state?.etag));
  if (answer.ok && answer.value.status === 428 && state?.etag === undefined) {
    const read = await readState(talk, entity);
    if (!read.ok) return read;
    state = read.value;
    // A service that wants an ETag and gives none can be asked in no other way.
    answer = await talk.tryWrite(withEtag(request, state.etag ?? "*"));
  }
  if (!answer.ok || answer.value.status !== 412 || state === undefined) return refuseWriteErrors(answer);
  return explainConflict(answer.value, state.row, await readState(talk, entity));
}

/** The entity as it is now, and its ETag. */
export async function readState(talk: Talk, { model, type, path }: GuardedEntity): Promise<Outcome<Entity>> {
  const answer = await talk.read({ path, headers: { accept: jsonAccept(model.odataVersion) } });
  return answer.ok ? readEntity(model, type, answer.value) : answer;
}

/** The failure of a write that came too late; `now` is the entity as it was read afterwards. */
export function explainConflict(answer: SapAnswer, before: Row, now: Outcome<Entity>): ReturnType<typeof fail> {
  const { kind, message, ...facts } = readFailure(answer);
  if (!now.ok && now.failure.kind === "not-found") {
    return fail(kind, "The entity was deleted in SAP meanwhile, so this change was not made.", {
      ...facts,
      guidance: "There is nothing left to change.",
    });
  }
  const changes = now.ok ? describeChanges(before, now.value.row) : [];
  if (changes.length === 0) return fail(kind, message, facts);
  return fail(kind, `The entity was changed in SAP meanwhile, so this change was not made. ${changes.join("; ")}`, {
    ...facts,
    guidance: "Repeat the change if it is still wanted with these values.",
  });
}

function withEtag(request: WriteRequest, etag: string | undefined): WriteRequest {
  return etag === undefined ? request : { ...request, headers: { ...request.headers, "if-match": etag } };
}
