import type { BatchItem, BatchMessage, BatchRequest } from "./batch-request.ts";

/** The body of a multipart $batch, V2 and V4 (OData 4.01 part 1, section 11.7.7); `seed` makes its boundaries. */
export function writeMultipartBatch(items: readonly BatchItem[], seed: string): BatchMessage {
  const requests = items.flatMap((item) => (item.kind === "single" ? [item.request] : item.requests));
  const boundary = unusedBoundary(`batch_${seed}`, requests);
  let contentId = 0;
  const parts = items.map((item, at) => {
    if (item.kind === "single") return writePart(item.request, String((contentId += 1)));
    const inner = unusedBoundary(`changeset_${seed}_${at}`, requests);
    const changes = item.requests.map((request) => writePart(request, String((contentId += 1))));
    return `Content-Type: multipart/mixed; boundary=${inner}\r\n\r\n${enclose(changes, inner)}`;
  });
  return { contentType: `multipart/mixed; boundary=${boundary}`, body: enclose(parts, boundary) };
}

/** A boundary that stands in none of the bodies. */
function unusedBoundary(wanted: string, requests: readonly BatchRequest[]): string {
  return requests.some(({ body }) => body?.includes(wanted)) ? unusedBoundary(`${wanted}_`, requests) : wanted;
}

function enclose(parts: readonly string[], boundary: string): string {
  return `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join("")}--${boundary}--\r\n`;
}

function writePart({ method, path, headers, body = "" }: BatchRequest, contentId: string): string {
  const all = body === "" ? headers : { ...headers, "content-length": String(Buffer.byteLength(body)) };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${onOneLine(value)}\r\n`);
  return (
    `Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: ${contentId}\r\n\r\n` +
    `${method} ${path} HTTP/1.1\r\n${head.join("")}\r\n${body}`
  );
}

/** A header must not end early and begin another one, whatever SAP sent for an ETag. */
function onOneLine(value: string): string {
  return value.replace(/[^\x20-\x7e]/g, "");
}
