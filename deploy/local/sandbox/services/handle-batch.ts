import type { IncomingHttpHeaders } from "node:http";
import type { BatchAnswer, BatchOperation, BatchOutcome, BatchPart } from "../odata/batch-part.ts";
import { headerOf } from "../odata/odata-message.ts";
import type { ODataAnswer, ODataRequest } from "../odata/odata-message.ts";
import { parseJsonBatch } from "../odata/parse-json-batch.ts";
import { parseMultipart } from "../odata/parse-multipart.ts";
import { refuse, SapError } from "../odata/sap-error.ts";
import { writeJsonBatch, writeMultipart } from "../odata/write-batch.ts";
import { writeError } from "../odata/write-error.ts";
import type { CallContext, ExecutedWrite } from "./call-context.ts";
import { handleOData } from "./handle-odata.ts";

/** Answers a $batch: multipart in V2 and V4, JSON in V4. Each part is answered for itself; the whole fails only when unreadable. */
export function handleBatch(request: ODataRequest, context: CallContext): ODataAnswer {
  const { version } = context.service.definition;
  try {
    if (request.method !== "POST")
      throw refuse("method-not-allowed", `Method ${request.method} is not allowed for $batch`);
    const type = headerOf(request.headers, "content-type") ?? "";
    const isJson = version === "V4" && type.startsWith("application/json");
    if (!isJson && !type.startsWith("multipart/mixed"))
      throw refuse("bad-media-type", `Unsupported media type '${type}' for $batch`);
    const parts = isJson ? parseJsonBatch(request.body) : parseMultipart(request.body, type);
    // V4 stops at the first failure unless told otherwise; V2 always goes on.
    const goesOn = version === "V2" || /continue-on-error(?!=false)/.test(headerOf(request.headers, "prefer") ?? "");
    const outcomes = runParts(parts, request.headers, { context, goesOn });
    return isJson ? writeJsonBatch(outcomes) : writeMultipart(outcomes, version === "V2" ? 202 : 200);
  } catch (error) {
    const known = error instanceof SapError ? error : refuse("defect", `Internal error: ${(error as Error).message}`);
    return writeError(known, { version, json: true, service: context.service.definition });
  }
}

interface BatchRun {
  readonly context: CallContext;
  readonly goesOn: boolean;
}

function runParts(
  parts: readonly BatchPart[],
  headers: IncomingHttpHeaders,
  { context, goesOn }: BatchRun,
): BatchOutcome[] {
  const outcomes: BatchOutcome[] = [];
  const known = new Map<string, ODataAnswer>();
  for (const part of parts) {
    const outcome: BatchOutcome =
      part.kind === "request"
        ? { kind: "request", answer: runOperation(part.operation, { headers, context, known }) }
        : runChangeSet(part, { headers, context, known });
    outcomes.push(outcome);
    if (!goesOn && outcome.kind === "request" && outcome.answer.answer.status >= 400) break;
  }
  return outcomes;
}

interface Surroundings {
  readonly headers: IncomingHttpHeaders;
  readonly context: CallContext;
  /** Answers so far by content id, to which later requests may refer. */
  readonly known: Map<string, ODataAnswer>;
}

function runChangeSet(
  { id, operations }: BatchPart & { kind: "change-set" },
  { headers, context, known }: Surroundings,
): BatchOutcome {
  const writes: ExecutedWrite[] = [];
  const inner: Surroundings = { headers, known, context: { ...context, onWrite: (write) => writes.push(write) } };
  const answers: BatchAnswer[] = [];
  const rollback = new Error("change set rolled back");
  try {
    context.service.database.transact(() => {
      for (const operation of operations) {
        const answer = operation.method === "GET" ? refuseRead(operation, context) : runOperation(operation, inner);
        answers.push(answer);
        if (answer.answer.status >= 400) throw rollback;
      }
    });
  } catch (error) {
    if (error !== rollback) throw error;
    const failed = answers.at(-1) as BatchAnswer;
    for (const { contentId } of operations) if (contentId !== undefined) known.set(contentId, failed.answer);
    return { kind: "request", answer: id === undefined ? failed : { ...failed, contentId: id } };
  }
  writes.forEach(context.onWrite);
  return { kind: "change-set", answers };
}

function refuseRead({ contentId }: BatchOperation, { service }: CallContext): BatchAnswer {
  const { version } = service.definition;
  return {
    contentId,
    answer: writeError(refuse("bad-payload", "A change set must not contain a read"), {
      version,
      json: true,
      service: service.definition,
    }),
  };
}

function runOperation(operation: BatchOperation, { headers, context, known }: Surroundings): BatchAnswer {
  const { contentId, method, body } = operation;
  const isLost = operation.dependsOn.some((needed) => (known.get(needed)?.status ?? 200) >= 400);
  const { path, query } = locate(operation.url, context, known);
  const answer = isLost
    ? { status: 424, headers: {}, body: "" }
    : handleOData({ method, path, query, body, headers: { ...inherited(headers), ...operation.headers } }, context);
  if (contentId !== undefined) known.set(contentId, answer);
  return { contentId, answer };
}

/** Path and query behind the service root; `$1` stands for the entity that the request with content id 1 created. */
function locate(
  url: string,
  { service }: CallContext,
  known: ReadonlyMap<string, ODataAnswer>,
): { path: string; query: string } {
  const reference = /^\/?\$([\w.-]+)(?=\/|$|\?)/.exec(url);
  const created = reference === null ? undefined : known.get(reference[1] as string)?.headers["location"];
  const whole = created === undefined || reference === null ? url : created + url.slice(reference[0].length);
  const root = service.definition.root.toLowerCase();
  const local = whole.replace(/^https?:\/\/[^/]*/, "");
  const relative = local.toLowerCase().startsWith(`${root}/`) ? local.slice(root.length + 1) : local;
  const mark = relative.indexOf("?");
  return { path: mark < 0 ? relative : relative.slice(0, mark), query: mark < 0 ? "" : relative.slice(mark + 1) };
}

/** Headers of the batch that hold for its requests too: who asks, and by what mark, but not what the body is. */
function inherited(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^(content-|accept$|prefer$|if-|x-http-method$)/.test(name)),
  );
}
