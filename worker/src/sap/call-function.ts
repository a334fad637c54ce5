import type { callSapFunction } from "@sap-mcp/shared/contracts/call-sap-function.ts";
import type { InputOf, OutputOf } from "@sap-mcp/shared/contracts/define-job.ts";
import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { nearestNames } from "@sap-mcp/shared/suggest-names.ts";
import { addWarnings } from "../odata/add-warnings.ts";
import type { SapAnswer } from "../odata/answer.ts";
import { buildOperationCall } from "../odata/build-operation-call.ts";
import type { OperationCall } from "../odata/build-operation-call.ts";
import { changeHeaders } from "../odata/build-change.ts";
import { chooseOperation } from "../odata/choose-operation.ts";
import { explainDraft } from "../odata/explain-draft.ts";
import { explainMissing } from "../odata/explain-missing.ts";
import { fitRows } from "../odata/fit-rows.ts";
import type { Row } from "../odata/format-key.ts";
import { jsonAccept } from "../odata/media-types.ts";
import { readOperationResult } from "../odata/read-operation-result.ts";
import type { OperationResult } from "../odata/read-operation-result.ts";
import { pathOfLink } from "../odata/service-path.ts";
import type { EntitySet, ServiceModel, ServiceOperation } from "../odata/service-model.ts";
import { talk } from "./contact.ts";
import type { Talk } from "./contact.ts";
import { loadModel } from "./load-model.ts";
import { locateService } from "./locate-service.ts";
import type { LocatedService } from "./locate-service.ts";
import type { SapSystem } from "./open-sap-system.ts";
import type { SapCall } from "./sap-call.ts";
import { readState, writeGuarded } from "./write-guarded.ts";

type Contract = typeof callSapFunction;
type Result = Pick<OutputOf<Contract>, "rows" | "entity" | "value" | "count" | "hasMore" | "warnings">;

/** Calls a function import, a function or an action; only functions where nothing may be changed. */
export async function callFunction(
  sap: SapSystem,
  input: InputOf<Contract>,
  call: SapCall,
): Promise<Outcome<OutputOf<Contract>>> {
  const located = await locateService(sap, input, call);
  if (!located.ok) return located;
  const { contact, service } = located.value;
  const model = await loadModel(contact, service);
  if (!model.ok) return model;
  const set = findSet(model.value, input.entityName);
  if (!set.ok) return set;
  const given = { parameters: input.parameters ?? {}, key: input.key };
  const chosen = chooseOperation(model.value, { name: input.function, set: set.value, given });
  if (!chosen.ok) return chosen;
  const { operation } = chosen.value;
  const isRead = operation.kind === "function" && operation.method === "GET";
  if (!isRead && (input.readOnly === true || !sap.settings.allowWrites)) return failReadOnly(input.function, sap);
  const request = buildOperationCall(model.value, chosen.value, given);
  if (!request.ok) return request;
  const scene: Scene = { ...located.value, model: model.value, operation, request: request.value };
  const done = await talk(contact, (it) => (isRead ? readFunction(it, scene) : runAction(it, scene)));
  if (!done.ok) return done;
  return succeed({
    destination: contact.destination.name,
    service: { id: service.id, odataVersion: model.value.odataVersion },
    function: input.function,
    ...addWarnings(done.value, request.value.warnings),
  });
}

interface Scene extends LocatedService {
  readonly model: ServiceModel;
  readonly operation: ServiceOperation;
  readonly request: OperationCall;
}

function findSet(model: ServiceModel, name: string | undefined): Outcome<EntitySet | undefined> {
  const set = name === undefined ? undefined : model.entitySets.get(name);
  if (name === undefined || set !== undefined) return succeed(set);
  return fail("unknown-entity-set", `The service has no entity set ${name}.`, {
    guidance: nearestNames(name, model.entitySets.keys(), "discover-service-entities lists all of them."),
  });
}

function failReadOnly(name: string, sap: SapSystem): ReturnType<typeof fail> {
  return sap.settings.allowWrites
    ? fail("read-only", `${name} may change data in SAP, but it was called with readOnly.`, {
        guidance: "Leave readOnly out, if the change is wanted and this server allows changes.",
      })
    : fail("read-only", `This server only reads; ${name} may change data in SAP.`, {
        guidance:
          "The administrator switches writing on with SAP_ALLOW_WRITES=true. Do not try the change in another way.",
      });
}

/** Reads what a function returns, page by page within the budget of a read. */
async function readFunction(it: Talk, scene: Scene): Promise<Outcome<Result>> {
  const { contact, service, model, operation, request } = scene;
  const { maxRows, maxPages, maxBytes } = contact.sap.settings.read;
  const rows: Row[] = [];
  let path = `${service.path}/${request.path}`;
  let bytes = 0;
  for (let page = 1; ; page += 1) {
    const answer = await it.read({ path, headers: { accept: jsonAccept(model.odataVersion) } });
    if (!answer.ok) return answer;
    const result = readOperationResult(model, operation, answer.value);
    if (!result.ok) return result;
    const { next, ...values } = result.value;
    if (values.rows === undefined) return succeed(showValue(contact.sap, values));
    for (const row of values.rows) rows.push(row);
    bytes += Buffer.byteLength(answer.value.body);
    const following =
      next === undefined
        ? undefined
        : pathOfLink(next, { destinationPath: contact.destination.path, requestPath: path });
    const isEnough = rows.length >= maxRows || page >= maxPages || bytes >= maxBytes;
    if (following?.startsWith(`${service.path}/`) !== true || isEnough)
      return succeed(showRows(contact.sap, rows, next !== undefined));
    path = following;
  }
}

function showRows(sap: SapSystem, rows: Row[], isCut: boolean): Result {
  const { shown, facts } = fit(sap, rows, isCut);
  return { rows: shown, ...facts };
}

/** Several simple values are bounded as rows are; one value, or one entity, is never cut. */
function showValue(sap: SapSystem, result: OperationResult): Result {
  if (!Array.isArray(result.value)) return result;
  const { shown, facts } = fit<unknown>(sap, result.value, false);
  return { value: shown, ...facts };
}

/** More than is shown is never left out without a word. */
function fit<T>(sap: SapSystem, all: T[], isCut: boolean): { shown: T[]; facts: Omit<Result, "rows" | "value"> } {
  const { rows, warning } = fitRows(all, sap.settings.read.maxChars);
  const warnings = [
    ...(warning === undefined ? [] : [warning]),
    ...(isCut ? ["SAP has more rows than were read; narrow the call with its parameters."] : []),
  ];
  const count = rows.length;
  return { shown: rows, facts: warnings.length === 0 ? { count } : { count, hasMore: true, warnings } };
}

async function runAction(it: Talk, scene: Scene): Promise<Outcome<Result>> {
  const { contact, model, operation } = scene;
  const answer = await sendAction(it, scene);
  if (!answer.ok) return answer;
  const result = readOperationResult(model, operation, answer.value);
  // The action is done, whatever its answer looks like.
  if (!result.ok) return succeed({ warnings: [`${operation.name} was executed. ${result.failure.message}`] });
  const { next, rows, ...values } = result.value;
  if (rows !== undefined) return succeed(showRows(contact.sap, rows, next !== undefined));
  const draft = explainResult(scene, values);
  return succeed({ ...showValue(contact.sap, values), ...(draft !== undefined && { warnings: [draft] }) });
}

/** Where the service asks for the ETag of the entity that an action is called on, the entity is read first. */
async function sendAction(it: Talk, { service, model, request }: Scene): Promise<Outcome<SapAnswer>> {
  const { method, body, entity } = request;
  const write = {
    method: method === "GET" ? "POST" : method,
    path: `${service.path}/${request.path}`,
    servicePath: service.path,
    headers: changeHeaders(model.odataVersion, body),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  } as const;
  if (entity === undefined) return it.write(write);
  const guarded = { model, type: entity.set.type, path: `${service.path}/${entity.path}` };
  if (!entity.set.etag) return writeGuarded(it, write, guarded);
  const state = await readState(it, guarded);
  if (state.ok) return writeGuarded(it, write, { ...guarded, state: state.value });
  const sought = { model, set: entity.set, operation: "call", parameters: entity.key };
  return { ok: false, failure: explainMissing(state.failure, sought) };
}

/** What is to be done next where an action brought back a draft. */
function explainResult({ model, operation, request }: Scene, { entity }: OperationResult): string | undefined {
  const { returns } = operation;
  const set =
    model.entitySets.get(returns?.entitySet ?? "") ??
    [request.entity?.set].find((it) => it?.type.name === returns?.type);
  return set && entity && explainDraft(model, set, entity);
}
