/** Headers by their names in lower case. */
export type MimeHeaders = Readonly<Record<string, string>>;

/** A part of a multipart body: a document, or parts of its own. */
export interface MimePart {
  readonly headers: MimeHeaders;
  readonly content: string;
  readonly parts?: Multipart;
}

export interface Multipart {
  readonly parts: readonly MimePart[];
  /** Whether the body came to its end; else it was cut off. */
  readonly isClosed: boolean;
}

const maxDepth = 5;

/**
 * The parts of a multipart body (RFC 2046 section 5.1), which is text with one character for each byte. A length that a
 * part states is believed where a boundary follows, so that what looks like a boundary may stand in a content.
 */
export function readMultipart(bytes: string, boundary: string): Multipart {
  const { end: _end, ...multipart } = readParts(bytes, { boundary, at: 0, depth: 0 });
  return multipart;
}

/** Headers up to the first blank line, folded ones unfolded, and where the content begins. */
export function readHead(bytes: string, at: number): { headers: MimeHeaders; start: number } {
  const headers: [string, string][] = [];
  let start = at;
  while (start < bytes.length) {
    const end = bytes.indexOf("\n", start);
    const line = bytes.slice(start, end === -1 ? bytes.length : end).replace(/\r$/, "");
    start = end === -1 ? bytes.length : end + 1;
    if (line === "") break;
    const last = headers.at(-1);
    const colon = line.indexOf(":");
    if (/^[ \t]/.test(line) && last !== undefined) last[1] = `${last[1]} ${line.trim()}`.trim();
    else if (colon > 0) headers.push([line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]);
  }
  return { headers: Object.fromEntries(headers), start };
}

/** The boundary that a content type names, if it is one of several parts. */
export function boundaryOf(contentType: string | undefined): string | undefined {
  if (contentType === undefined || !/^\s*multipart\//i.test(contentType)) return undefined;
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType) ?? [];
  return quoted ?? plain;
}

interface Place {
  readonly boundary: string;
  readonly at: number;
  readonly depth: number;
}

function readParts(bytes: string, { boundary, at, depth }: Place): Multipart & { end: number } {
  const parts: MimePart[] = [];
  let delimiter = findDelimiter(bytes, boundary, at);
  while (delimiter !== undefined && !delimiter.isLast) {
    const { headers, start } = readHead(bytes, delimiter.end);
    const inner = depth < maxDepth ? boundaryOf(headers["content-type"]) : undefined;
    const nested = inner === undefined ? undefined : readParts(bytes, { boundary: inner, at: start, depth: depth + 1 });
    const next: Delimiter | undefined =
      nested?.isClosed === true
        ? findDelimiter(bytes, boundary, nested.end)
        : (statedEnd(bytes, { headers, start, boundary }) ?? findDelimiter(bytes, boundary, start));
    const content = bytes.slice(start, next?.start);
    // What has no end of its own ends with what encloses it.
    const enclosed =
      nested?.isClosed === false && inner !== undefined
        ? readParts(content, { boundary: inner, at: 0, depth: depth + 1 })
        : nested;
    parts.push({ headers, content, ...(enclosed && { parts: enclosed }) });
    delimiter = next;
  }
  return { parts, isClosed: delimiter?.isLast === true, end: delimiter?.end ?? bytes.length };
}

/** A line of a boundary. */
interface Delimiter {
  /** Where the line break before it begins. */
  readonly start: number;
  /** Where the line after it begins. */
  readonly end: number;
  readonly isLast: boolean;
}

function findDelimiter(bytes: string, boundary: string, from: number): Delimiter | undefined {
  const dashed = `--${boundary}`;
  for (let at = bytes.indexOf(dashed, from); at !== -1; at = bytes.indexOf(dashed, at + 1)) {
    const found = delimiterAt(bytes, dashed, at);
    if (found !== undefined) return { ...found, start: Math.max(from, found.start) };
  }
  return undefined;
}

function delimiterAt(bytes: string, dashed: string, at: number): Delimiter | undefined {
  if (!bytes.startsWith(dashed, at) || (at > 0 && bytes[at - 1] !== "\n")) return undefined;
  const rest = /(--)?[ \t]*(?:\r?\n|$)/y;
  rest.lastIndex = at + dashed.length;
  const match = rest.exec(bytes);
  if (match === null) return undefined;
  const start = at === 0 ? 0 : at - (bytes[at - 2] === "\r" ? 2 : 1);
  return { start, end: rest.lastIndex, isLast: match[1] !== undefined };
}

/** The delimiter behind a content of the stated length: that of the part, or of the HTTP message in it. */
function statedEnd(
  bytes: string,
  { headers, start, boundary }: { headers: MimeHeaders; start: number; boundary: string },
): Delimiter | undefined {
  const isHttp = /^\s*application\/http/i.test(headers["content-type"] ?? "");
  const message = isHttp ? readHead(bytes, start) : undefined;
  const ends = [
    start + lengthOf(headers),
    message === undefined ? Number.NaN : message.start + lengthOf(message.headers),
  ];
  for (const end of ends) {
    if (Number.isNaN(end) || end > bytes.length) continue;
    const lineBreaks = /(?:\r?\n)*/y;
    lineBreaks.lastIndex = end;
    lineBreaks.exec(bytes);
    const found = delimiterAt(bytes, `--${boundary}`, lineBreaks.lastIndex);
    if (found !== undefined) return { ...found, start: end };
  }
  return undefined;
}

function lengthOf(headers: MimeHeaders): number {
  const text = headers["content-length"] ?? "";
  return /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
}
