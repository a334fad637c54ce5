import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startClient } from "../../local/sandbox/testing/sandbox-client.ts";
import type { SandboxClient } from "../../local/sandbox/testing/sandbox-client.ts";
import { agreedReads } from "./agreed-reads.ts";
import { ask } from "./ask.ts";
import type { Reply } from "./ask.ts";
import type { ComparedRequest, RightAnswer } from "./compared-request.ts";
import { disputedReads } from "./disputed-reads.ts";
import { openOracle } from "./open-oracle.ts";
import type { Oracle } from "./open-oracle.ts";
import { readAnswer, readBatch } from "./read-answer.ts";
import type { JsonRow, ReadAnswer } from "./read-answer.ts";
import { newKeys, writeRequests } from "./write-requests.ts";

/** Sent one behind the other, because later requests read what earlier ones wrote. */
const requests: readonly ComparedRequest[] = [...agreedReads, ...disputedReads, ...writeRequests];

let sandbox: SandboxClient;
let oracle: Oracle;

beforeAll(async () => {
  // The oracle takes moments of V2 for those of the machine, and writes each parsing error to the console.
  vi.stubEnv("TZ", "UTC");
  vi.spyOn(console, "error").mockReturnValue();
  sandbox = await startClient({}, "ORACLE:secret");
  oracle = await openOracle(sandbox, newKeys);
  const users = [{ name: "ORACLE", password: "secret", visibleRows: oracle.visibleRows }];
  await sandbox.plain("/sandbox/users", { method: "POST", body: { users } });
});

afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await oracle[Symbol.asyncDispose]();
  await sandbox[Symbol.asyncDispose]();
});

test.each(requests.map((request) => [describeRequest(request), request] as const))("%s", async (_, request) => {
  const ours = await ask(request.withoutToken === true ? sandbox.plain : sandbox.send, request);
  const theirs = await ask(oracle.send, request);
  const right = request.oracleIsWrong?.right;
  const agreed = { actual: understand(ours, request), expected: understand(theirs, request) };
  const { actual, expected } = right === undefined ? agreed : await judge(ours, right, request);
  expect(actual).toEqual(expected);
  expect(comparesNothing(ours, request)).toBe(false);
  expect(hasErrorEnvelope(ours)).toBe(ours.status >= 400 && !/^(CSRF|<!DOCTYPE)/.test(ours.text));
  const theirJudgement = right === undefined ? undefined : await judge(theirs, right, request);
  expect(isDeepStrictEqual(theirJudgement?.actual, theirJudgement?.expected), "oracle is right").toBe(!right);
});

function describeRequest({ root, method, path, oracleIsWrong }: ComparedRequest): string {
  const service = `${root.includes("/odata4/") ? "V4" : "V2"} ${method} ${path}`;
  return oracleIsWrong === undefined ? `${service}: same` : `${service}: oracle ${oracleIsWrong.because}`;
}

/** The parts of a batch, or the one answer; of a changed entity only what was sent, as the oracle computes nothing. */
function understand({ status, text }: Reply, { path, body }: ComparedRequest): ReadAnswer[] {
  if (path === "$batch" && status < 400) return readBatch(text, oracle.numeric);
  const answer = readAnswer(status, text, oracle.numeric);
  const rows = typeof body === "object" ? answer.rows.map((row) => pick(row, body)) : answer.rows;
  return [{ status, rows, count: /count=(true|allpages)/.test(path) ? answer.count : undefined }];
}

function pick(row: JsonRow, sample: JsonRow): JsonRow {
  const fields = Object.entries(sample).filter(([name]) => name in row);
  return Object.fromEntries(
    fields.map(([name, value]) => {
      const inner = Array.isArray(value) ? (value[0] as JsonRow) : undefined;
      return [name, inner === undefined ? row[name] : (row[name] as JsonRow[]).map((one) => pick(one, inner))];
    }),
  );
}

/** What an answer says and what is right, side by side. */
async function judge(
  reply: Reply,
  { status = 200, rows, asIf, text, headers = {}, parts }: RightAnswer,
  request: ComparedRequest,
): Promise<{ actual: unknown[]; expected: unknown[] }> {
  const answers = understand(reply, request);
  const pairs: [actual: unknown, expected: unknown][] = [[reply.status, status]];
  if (rows !== undefined) pairs.push([answers[0]?.rows, rows]);
  if (asIf !== undefined) {
    const equivalent = { ...request, path: request.path.replace(...asIf) };
    pairs.push([answers, understand(await ask(oracle.send, equivalent), equivalent)]);
  }
  if (text !== undefined) pairs.push([text.test(reply.text) ? text : reply.text, text]);
  if (parts !== undefined) pairs.push([answers.map((part) => part.status), parts]);
  for (const [name, value] of Object.entries(headers)) pairs.push([reply.headers.get(name), value]);
  return { actual: pairs.map(([actual]) => actual), expected: pairs.map(([, expected]) => expected) };
}

/** SAP's error envelope, of V2 or of V4. */
function hasErrorEnvelope({ text }: Reply): boolean {
  const isV2 = /"message":\{"lang":"en","value":"[^"]/.test(text) && /"errordetails":\[\{/.test(text);
  const isV4 = /"message":"[^"]/.test(text) && /"details":\[\{/.test(text);
  const hasCode = /^\{"error":\{"code":"[\w/]+\/\d{3}"/.test(text);
  return hasCode && (isV2 || isV4) && /"(transactionid|SAP__core.TransactionId)":"[0-9A-F]{32}"/.test(text);
}

/** Two empty answers say nothing, nor does a filter that keeps all. */
function comparesNothing(reply: Reply, request: ComparedRequest): boolean {
  const { method, path, oracleIsWrong } = request;
  if (method !== "GET" || reply.status !== 200 || oracleIsWrong?.right.rows !== undefined) return false;
  const [{ rows } = { rows: [] }] = understand(reply, request);
  const all = oracle.rows.get(/^\w+/.exec(path)?.[0] ?? "")?.length;
  return rows.length === 0 || (path.includes("?$filter=") && rows.length === all);
}
