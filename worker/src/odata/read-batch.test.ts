import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SapAnswer } from "./answer.ts";
import type { BatchItem, BatchRequest } from "./batch-request.ts";
import { readBatch } from "./read-batch.ts";
import { readMultipart } from "./read-multipart.ts";
import { writeJsonBatch } from "./write-json-batch.ts";
import { writeMultipartBatch } from "./write-multipart-batch.ts";

const get: BatchRequest = { method: "GET", path: "Orders", headers: { accept: "application/json" } };
const post: BatchRequest = { ...get, method: "POST", body: "{}" };
const single: BatchItem = { kind: "single", request: get };
const pair: BatchItem = { kind: "change-set", requests: [post, post] };

const http = (status: number, body: string, id = "") =>
  `Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n${id}\r\nHTTP/1.1 ${status} Text: with colon\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}\r\n`;

const enclose = (parts: readonly string[], boundary: string) =>
  `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join("")}--${boundary}--\r\n`;

const multipart = (parts: readonly string[]): SapAnswer => ({
  status: 202,
  headers: { "content-type": "multipart/mixed; boundary=B" },
  body: enclose(parts, "B"),
});

const changeSet = (parts: readonly string[]) =>
  `Content-Type: multipart/mixed; boundary=C\r\n\r\n${enclose(parts, "C")}`;

function outcomesOf(items: readonly BatchItem[], answer: SapAnswer) {
  const outcomes = readBatch(items, answer);
  if (!outcomes.ok) throw new Error(outcomes.failure.message);
  return outcomes.value;
}

describe("readBatch", () => {
  it("gives each request its answer, with all characters in it", () => {
    const answer = multipart([http(200, '{"d":"Ä漢"}'), changeSet([http(201, "{}"), http(204, "")]), http(404, "no")]);
    expect(outcomesOf([single, pair, single], answer)).toMatchObject([
      { kind: "answers", answers: [{ status: 200, body: '{"d":"Ä漢"}' }] },
      { kind: "answers", answers: [{ status: 201 }, { status: 204, body: "" }] },
      { kind: "answers", answers: [{ status: 404, body: "no" }] },
    ]);
  });

  it("matches the answers of a change set by content id where SAP sends it, in the part or in the message", () => {
    const inMessage = http(201, "second").replace("HTTP/1.1 201 Text: with colon\r\n", "$&Content-ID: 3\r\n");
    const answer = multipart([http(200, ""), changeSet([inMessage, http(201, "first", "Content-ID: 2\r\n")])]);
    expect(outcomesOf([single, pair], answer)[1]).toMatchObject({ answers: [{ body: "first" }, { body: "second" }] });
  });

  it("takes one answer for a change set as the answer to all of it", () => {
    const alone = multipart([http(400, "why")]);
    const within = multipart([changeSet([http(400, "why")])]);
    for (const answer of [alone, within])
      expect(outcomesOf([pair], answer)).toMatchObject([{ kind: "rolled-back", answer: { status: 400, body: "why" } }]);
  });

  it("tells what SAP did not execute from what it can't know", () => {
    const whole = multipart([http(400, "stop")]);
    expect(outcomesOf([single, pair], whole)[1]).toEqual({ kind: "not-executed" });
    const cut = { ...whole, body: whole.body.replace("--B--", "") };
    expect(outcomesOf([single, pair], cut)[1]).toEqual({ kind: "unknown" });
    expect(outcomesOf([single, pair], multipart([http(200, "{}")]))[1]).toEqual({ kind: "unknown" });
    expect(outcomesOf([pair], multipart([changeSet([http(201, "only one of two")])]))).toEqual([{ kind: "unknown" }]);
  });

  it("refuses what is no answer to a batch", () => {
    const page = { status: 200, headers: { "content-type": "text/html" }, body: "<html>" };
    expect(readBatch([single], page)).toMatchObject({ failure: { kind: "bad-answer" } });
  });

  it("reads JSON batches, groups that were rolled back included", () => {
    const json = (responses: object[]) => ({ status: 200, headers: {}, body: JSON.stringify({ responses }) });
    const good = json([
      { id: "3", status: 201, body: { a: 1 } },
      { id: "1", status: 200, headers: { ETag: "x" } },
      { id: "2", status: 204 },
    ]);
    expect(outcomesOf([single, pair], good)).toMatchObject([
      { answers: [{ status: 200, headers: { etag: "x" } }] },
      {
        answers: [
          { status: 204, body: "" },
          { status: 201, body: '{"a":1}' },
        ],
      },
    ]);
    for (const failed of [
      { id: "2", status: 409 },
      { id: "g2", status: 409 },
      { id: "9", atomicityGroup: "g2", status: 409 },
    ])
      expect(outcomesOf([single, pair, single], json([{ id: "1", status: 200 }, failed]))).toMatchObject([
        { kind: "answers" },
        { kind: "rolled-back", answer: { status: 409 } },
        { kind: "not-executed" },
      ]);
    expect(outcomesOf([single], json([]))).toEqual([{ kind: "unknown" }]);
  });
});

describe("writeMultipartBatch", () => {
  it("keeps every request within its own part, whatever stands in bodies and headers", () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom("\r\n--batch_s\r\n", "\r\n\r\n", "batch_s", "changeset_s_0", "--"),
    );
    const request = fc.record({
      method: fc.constantFrom("POST", "PATCH", "DELETE"),
      path: text.map((it) => `Orders('${encodeURIComponent(it.toWellFormed())}')`),
      headers: text.map((it) => ({ "if-match": it })),
      body: text.map((it) => JSON.stringify({ text: it })),
    });
    const item = fc.oneof(
      request.map((it): BatchItem => ({ kind: "single", request: it })),
      fc
        .array(request, { minLength: 1, maxLength: 3 })
        .map((requests): BatchItem => ({ kind: "change-set", requests })),
    );
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 4 }), (items) => {
        const { contentType, body } = writeMultipartBatch(items, "s");
        const boundary = contentType.split("boundary=")[1] ?? "";
        const { parts, isClosed } = readMultipart(Buffer.from(body).toString("latin1"), boundary);
        expect(isClosed).toBe(true);
        const messages = parts.map((part) => part.parts?.parts.map(({ content }) => content) ?? part.content);
        const wanted = items.map((it) => (it.kind === "single" ? shown(it.request) : it.requests.map(shown)));
        expect(messages).toEqual(wanted);
      }),
    );
  });

  it("numbers all requests through", () => {
    const ids = [...writeMultipartBatch([single, pair, single], "s").body.matchAll(/Content-ID: (\d+)/g)];
    expect(ids.map(([, id]) => id)).toEqual(["1", "2", "3", "4"]);
  });
});

it("writeJsonBatch puts the requests of a change set into one group", () => {
  const { requests } = JSON.parse(writeJsonBatch([single, pair]).body) as { requests: object[] };
  expect(requests).toMatchObject([
    { id: "1", method: "get", url: "Orders" },
    { id: "2", method: "post", atomicityGroup: "g2", body: {} },
    { id: "3", atomicityGroup: "g2" },
  ]);
});

/** The HTTP message of a request in which no header has got a line of its own. */
function shown({ method, path, headers, body = "" }: BatchRequest): string {
  const etag = (headers["if-match"] ?? "").replace(/[^ -~]/g, "");
  const message = `${method} ${path} HTTP/1.1\r\nif-match: ${etag}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  return Buffer.from(message).toString("latin1");
}
