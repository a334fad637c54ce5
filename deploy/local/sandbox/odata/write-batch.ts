import { randomBytes } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { BatchAnswer, BatchOutcome } from "./batch-part.ts";
import type { ODataAnswer } from "./odata-message.ts";

export function writeMultipart(outcomes: readonly BatchOutcome[], status: number): ODataAnswer {
  const boundary = randomBytes(16).toString("hex").toUpperCase();
  const parts = outcomes.map((outcome) => {
    if (outcome.kind === "request") return writePart(outcome.answer);
    const inner = randomBytes(16).toString("hex").toUpperCase();
    const content = `${outcome.answers.map((answer) => `--${inner}\r\n${writePart(answer)}\r\n`).join("")}--${inner}--\r\n`;
    return `Content-Type: multipart/mixed; boundary=${inner}\r\nContent-Length: ${Buffer.byteLength(content)}\r\n\r\n${content}`;
  });
  const body = `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join("")}--${boundary}--\r\n`;
  return { status, headers: { "content-type": `multipart/mixed; boundary=${boundary}` }, body };
}

export function writeJsonBatch(outcomes: readonly BatchOutcome[]): ODataAnswer {
  const answers = outcomes.flatMap((outcome) => (outcome.kind === "request" ? [outcome.answer] : outcome.answers));
  const responses = answers.map(({ contentId, answer }) => {
    const isJson = answer.headers["content-type"]?.includes("json") === true;
    const body = answer.body === "" ? "" : `,"body":${isJson ? answer.body : JSON.stringify(answer.body)}`;
    return `{"id":${JSON.stringify(contentId ?? "")},"status":${answer.status},"headers":${JSON.stringify(answer.headers)}${body}}`;
  });
  return {
    status: 200,
    headers: { "content-type": "application/json;charset=utf-8", "odata-version": "4.0" },
    body: `{"responses":[${responses.join(",")}]}`,
  };
}

function writePart({ contentId, answer }: BatchAnswer): string {
  const headers = Object.entries(answer.headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("");
  const response = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ""}\r\n${headers}Content-Length: ${Buffer.byteLength(answer.body)}\r\n\r\n${answer.body}`;
  const id = contentId === undefined ? "" : `Content-ID: ${contentId}\r\n`;
  return `Content-Type: application/http\r\n${id}Content-Transfer-Encoding: binary\r\nContent-Length: ${Buffer.byteLength(response)}\r\n\r\n${response}\r\n`;
}
