import type { QueryOptions } from "../odata/query-options.ts";
import { parseQueryV2 } from "../odata/parse-query-v2.ts";
import { parseQueryV4 } from "../odata/parse-query-v4.ts";
import { headerOf, wantsJson } from "../odata/odata-message.ts";
import type { ODataAnswer, ODataRequest } from "../odata/odata-message.ts";
import { parseResourcePath } from "../odata/resource-path.ts";
import { SapError, refuse } from "../odata/sap-error.ts";
import { answerProperty, versionHeader } from "../odata/write-answer.ts";
import { writeError } from "../odata/write-error.ts";
import type { WriteContext } from "../odata/write-entity.ts";
import { checkSetAccess } from "./access.ts";
import type { CallContext } from "./call-context.ts";
import { callOperation } from "./call-operation.ts";
import { describeService } from "./describe-service.ts";
import { changeTarget } from "./change-target.ts";
import { countCollection, readCollection, readEntity } from "./read-entities.ts";
import { resolveTarget } from "./resolve-target.ts";

/** Answers one request to a service, or one operation of a $batch; an error is an answer too. */
export function handleOData(request: ODataRequest, context: CallContext): ODataAnswer {
  const { version } = context.service.definition;
  try {
    return answer(request, context);
  } catch (error) {
    const known = error instanceof SapError ? error : refuse("defect", `Internal error: ${(error as Error).message}`);
    return writeError(known, { version, json: wantsJson(request, version), service: context.service.definition });
  }
}

function answer(request: ODataRequest, context: CallContext): ODataAnswer {
  const { service, user, serviceUrl } = context;
  const { version } = service.definition;
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (request.path === "" || request.path === "$metadata") {
    if (!isRead) throw refuse("method-not-allowed", `Method ${request.method} is not allowed for this resource`);
    return describeService(request, service);
  }
  const form: WriteContext = {
    version,
    serviceUrl,
    exactNumbers: /IEEE754Compatible=true/i.test(headerOf(request.headers, "accept") ?? ""),
    json: version === "V4" || wantsJson(request, version),
  };
  const segments = parseResourcePath(request.path, version);
  const target = resolveTarget(service, segments, user);
  if (target.kind === "operation") return callOperation(target, request, { ...context, form });
  if (!isRead) {
    if (target.kind === "collection" || target.kind === "entity")
      return changeTarget(target, request, { ...context, form });
    throw refuse("method-not-allowed", `Method ${request.method} is not allowed for this resource`);
  }
  if (target.kind === "absent") return { status: 204, headers: versionHeader(form), body: "" };
  const options = parseQuery(request.query, version);
  if (target.kind === "property") return answerProperty(target.row, target.field, { context: form, set: target.set });
  const collection = target.kind === "count" ? target.collection : target;
  checkSetAccess(user, collection.set, options);
  const read = { options, user, context: form, path: request.path, query: request.query };
  if (target.kind === "count") return countCollection(target.collection, read);
  return target.kind === "collection" ? readCollection(target, read) : readEntity(target.set, target.row, read);
}

function parseQuery(query: string, version: "V2" | "V4"): QueryOptions {
  return version === "V2" ? parseQueryV2(query) : parseQueryV4(query);
}
