import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { SapAnswer } from "./answer.ts";
import { contentIdOf, groupNameOf } from "./batch-request.ts";
import type { BatchItem } from "./batch-request.ts";
import { findCulprit } from "./find-culprit.ts";
import { parseJsonExactly } from "./parse-json.ts";
import { boundaryOf, readHead, readMultipart } from "./read-multipart.ts";
import type { MimePart, Multipart } from "./read-multipart.ts";

/**
 * What became of an item of a batch: an answer for each of its requests; one answer that stands for all of a change set
 * that was rolled back, with the place of the request it is about where that is said; or nothing, where SAP stopped
 * before it or its answer was cut off.
 */
export type BatchOutcome =
  | { readonly kind: "answers"; readonly answers: readonly SapAnswer[] }
  | { readonly kind: "rolled-back"; readonly answer: SapAnswer; readonly request: number | undefined }
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
    const inner = part.parts?.parts ?? [part];
    if (item.kind === "single") {
      const [only] = inner;
      const answer = only !== undefined && (isWhole || part.parts !== undefined) ? readHttp(only) : undefined;
      return answer === undefined ? { kind: "unknown" } : { kind: "answers", answers: [answer] };
    }
    const byId = new Map(inner.map((it) => [contentIdIn(it), it]));
    const ids = idsOf(items, at);
    const ordered = ids.every((id) => byId.has(id)) ? ids.map((id) => byId.get(id)) : inner;
    const answers = ordered.flatMap((it): ChangeAnswer[] => {
      const answer = it && readHttp(it);
      return answer === undefined ? [] : [{ answer, id: it && contentIdIn(it) }];
    });
    return part.parts?.isClosed === true || isWhole ? combine(item, ids, answers) : { kind: "unknown" };
  });
}

interface ChangeAnswer {
  readonly answer: SapAnswer;
  /** Content id that came with it. */
  readonly id: string | undefined;
}

/** The answers of a change set; one that says no stands for all of it. */
function combine(
  { requests }: BatchItem & { kind: "change-set" },
  ids: readonly string[],
  answers: readonly ChangeAnswer[],
): BatchOutcome {
  const refusals = answers.filter(({ answer }) => answer.status >= 400);
  // 424 only says that another one failed.
  const refusal = refusals.find(({ answer }) => answer.status !== 424) ?? refusals[0];
  if (refusal !== undefined) {
    const at = answers.length === requests.length ? answers.indexOf(refusal) : undefined;
    const request = at ?? findCulprit(requests, ids, refusal);
    return { kind: "rolled-back", answer: refusal.answer, request };
  }
  return answers.length === requests.length
    ? { kind: "answers", answers: answers.map(({ answer }) => answer) }
    : { kind: "unknown" };
}

/** The content ids of a change set's requests. */
function idsOf(items: readonly BatchItem[], at: number): string[] {
  const item = items[at];
  return item?.kind === "change-set" ? item.requests.map((_request, inner) => contentIdOf(items, at, inner)) : [];
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
      return response === undefined ? { kind: "not-executed" } : { kind: "answers", answers: [answerOf(response)] };
    }
    // A group that failed has one answer, under the group's name or under the id of one of its requests.
    const ids = idsOf(items, at);
    const own = ids.map((id) => byId.get(id));
    const named = byId.get(groupNameOf(at)) ?? responses.find((it) => it["atomicityGroup"] === groupNameOf(at));
    const found = [...own, ...(named === undefined || own.includes(named) ? [] : [named])].filter(
      (it) => it !== undefined,
    );
    const answers = found.map((it) => ({ answer: answerOf(it), id: String(it["id"]) }));
    return answers.length === 0 ? { kind: "not-executed" } : combine(item, ids, answers);
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
