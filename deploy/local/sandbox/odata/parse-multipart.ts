import type { IncomingHttpHeaders } from "node:http";
import type { BatchOperation, BatchPart } from "./batch-part.ts";
import { refuse } from "./sap-error.ts";

/** The parts of a multipart/mixed $batch: single requests, and change sets of several. */
export function parseMultipart(body: string, contentType: string): BatchPart[] {
  return splitParts(body, contentType).map((part) => {
    const { headers, content } = splitHead(part);
    const type = headers["content-type"] ?? "";
    if (!type.startsWith("multipart/mixed")) return { kind: "request", operation: parseOperation(headers, content) };
    const operations = splitParts(content, type).map((inner) => {
      const split = splitHead(inner);
      return parseOperation(split.headers, split.content);
    });
    return { kind: "change-set", id: undefined, operations };
  });
}

function splitParts(body: string, contentType: string): string[] {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (boundary === undefined) throw refuse("bad-payload", "The content type of the batch names no boundary");
  const sections = `\r\n${body.replaceAll(/\r?\n/g, "\r\n")}`.split(`\r\n--${boundary}`);
  const last = sections.pop() ?? "";
  if (sections.length === 0 || !last.startsWith("--"))
    throw refuse("bad-payload", `The batch is not closed with the boundary '${boundary}'`);
  return sections.slice(1).map((section) => section.replace(/^[ \t]*\r\n/, ""));
}

function splitHead(text: string): { headers: IncomingHttpHeaders & Record<string, string>; content: string } {
  const end = text.indexOf("\r\n\r\n");
  const head = end < 0 ? text : text.slice(0, end);
  const headers: Record<string, string> = {};
  for (const line of head.split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { headers, content: end < 0 ? "" : text.slice(end + 4) };
}

function parseOperation(partHeaders: Record<string, string>, content: string): BatchOperation {
  const [requestLine = "", ...rest] = content.replace(/^(\r\n)+/, "").split("\r\n");
  const match = /^([A-Z]+) +(\S+)(?: +HTTP\/1\.[01])?$/.exec(requestLine.trim());
  if (match === null) throw refuse("bad-payload", `Invalid request line '${requestLine}' in the batch`);
  // The line break in front makes a request without headers look like one whose head is empty.
  const { headers, content: body } = splitHead(`\r\n${rest.join("\r\n")}`);
  return {
    contentId: partHeaders["content-id"] ?? headers["content-id"],
    method: match[1] as string,
    url: match[2] as string,
    headers,
    body: body.replace(/(\r\n)+$/, ""),
    dependsOn: [],
  };
}
