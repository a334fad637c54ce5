import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { SapAnswer } from "./answer.ts";
import { contentIdOf, groupNameOf } from "./batch-request.ts";
import type { BatchItem } from "./batch-request.ts";
import { parseJsonExactly } from "./parse-json.ts";
import { boundaryOf, readHead, readMultipart } from "./read-multipart.ts";
import type { MimePart, Multipart } from "./read-multipart.ts";

/**
 * What became of an item of a batch: an answer for each of its requests; one answer that stands for all of a change set
 * that was rolled back; or nothing, where SAP stopped before it or its answer was cut off.
 */
export type BatchOutcome =
  | { readonly kind: "answers"; readonly answers: readonly SapAnswer[] }
  | { readonly kind: "rolled-back"; readonly answer: SapAnswer }
  | { readonly kind: "not-executed" }
  | { readonly kind: "unknown" };

/** The outcomes of a batch's items, in their order; multipart and JSON. */
export function readBatch(items: readonly BatchItem[], answer: SapAnswer): Outcome<BatchOutcome[]> {
  const boundary = boundaryOf(answer.headers["content-type"]);
  if (boundary !== undefined) {
    // One character for each byte, so that stated lengths can be used.
    const bytes = Buffer.from(answer.body).toString("latin1");
    return succeed(doubtSilence(readOutcomes(items, readMultipart(bytes, boundary))));
  }
  const json = parseJsonExactly(answer.body);
  const responses = isObject(json) ? json["responses"] : undefined;
  if (Array.isArray(responses)) return succeed(doubtSilence(readJsonOutcomes(items, responses.filter(isObject))));
  return fail("bad-answer", `SAP answered a batch with status ${answer.status} and with no answers to its requests.`);
}

/** SAP stops at a request that failed, unless it is told to go on; where none failed, nothing says that it stopped. */
function doubtSilence(outcomes: readonly BatchOutcome[]): BatchOutcome[] {
  const failed = outcomes.findIndex(
    (it) => it.kind === "rolled-back" || (it.kind === "answers" && it.answers.some(({ status }) => status >= 400)),
  );
  const isExplained = (at: number) => failed !== -1 && failed < at;
  return outcomes.map((it, at) => (it.kind === "not-executed" && !isExplained(at) ? { kind: "unknown" } : it));
}

function readOutcomes(items: readonly BatchItem[], { parts, isClosed }: Multipart): BatchOutcome[] {
  return items.map((item, at) => {
    const part = parts[at];
    if (part === undefined) return { kind: isClosed ? "not-executed" : "unknown" };
    const isWhole = isClosed || at < parts.length - 1;
    if (part.parts === undefined) return readAlone(item, isWhole ? readHttp(part) : undefined);
    if (item.kind === "single") {
      const [only] = part.parts.parts;
      return readAlone(item, only && readHttp(only));
    }
    const byId = new Map(part.parts.parts.map((it) => [contentIdIn(it), it]));
    const ids = item.requests.map((_request, request) => contentIdOf(items, at, request));
    const ordered = ids.every((id) => byId.has(id)) ? ids.map((id) => byId.get(id)) : part.parts.parts;
    const answers = ordered.flatMap((it) => (it && readHttp(it)) ?? []);
    return part.parts.isClosed || isWhole ? combine(item, answers) : { kind: "unknown" };
  });
}

/** The answers of a change set; a single one that says no stands for all of it. */
function combine(item: BatchItem & { kind: "change-set" }, answers: readonly SapAnswer[]): BatchOutcome {
  const refusal = answers.find(({ status }) => status >= 400);
  if (refusal !== undefined) return { kind: "rolled-back", answer: refusal };
  return answers.length === item.requests.length ? { kind: "answers", answers } : { kind: "unknown" };
}

function readAlone(item: BatchItem, answer: SapAnswer | undefined): BatchOutcome {
  if (answer === undefined) return { kind: "unknown" };
  return item.kind === "single" ? { kind: "answers", answers: [answer] } : combine(item, [answer]);
}

function contentIdIn(part: MimePart): string | undefined {
  return part.headers["content-id"] ?? readHead(part.content, 0).headers["content-id"];
}

function readHttp({ content }: MimePart): SapAnswer | undefined {
  const message = content.replace(/^(\r?\n)+/, "");
  const status = /^HTTP\/\d(?:\.\d)? +(\d{3})/.exec(message)?.[1];
  if (status === undefined) return undefined;
  const { headers, start } = readHead(message, 0);
  const length = /^\d{1,12}$/.test(headers["content-length"] ?? "") ? Number(headers["content-length"]) : undefined;
  const rest = message.slice(start);
  const body = length === undefined || length > rest.length ? rest.replace(/(\r?\n)+$/, "") : rest.slice(0, length);
  return { status: Number(status), headers, body: Buffer.from(body, "latin1").toString() };
}

function readJsonOutcomes(items: readonly BatchItem[], responses: readonly Record<string, unknown>[]): BatchOutcome[] {
  const byId = new Map(responses.map((it) => [String(it["id"]), it]));
  return items.map((item, at) => {
    if (item.kind === "single") {
      const response = byId.get(contentIdOf(items, at));
      return response === undefined ? { kind: "not-executed" } : readAlone(item, answerOf(response));
    }
    // A group that failed has one answer, under the group's name or under the id of one of its requests.
    const own = item.requests.map((_request, request) => byId.get(contentIdOf(items, at, request)));
    const named = byId.get(groupNameOf(at)) ?? responses.find((it) => it["atomicityGroup"] === groupNameOf(at));
    const found = [...own, ...(named === undefined || own.includes(named) ? [] : [named])].filter(
      (it) => it !== undefined,
    );
    return found.length === 0 ? { kind: "not-executed" } : combine(item, found.map(answerOf));
  });
}

function answerOf({ status, headers, body }: Record<string, unknown>): SapAnswer {
  const named = Object.entries(isObject(headers) ? headers : {}).map(([name, value]) => [
    name.toLowerCase(),
    String(value),
  ]);
  return {
    status: typeof status === "number" ? status : Number(status),
    headers: Object.fromEntries(named),
    body: body === undefined || body === null ? "" : typeof body === "string" ? body : JSON.stringify(body),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
