import type { IncomingHttpHeaders } from "node:http";

/** A request to one service; it stands alone or in a $batch. */
export interface ODataRequest {
  readonly method: string;
  /** Path behind the service root, still percent-encoded, without a leading slash. */
  readonly path: string;
  /** Query string without its question mark, still percent-encoded. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ODataAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}

/** Whether the answer is to be JSON: V4 speaks it unless XML is wanted, V2 only when asked for it. */
export function wantsJson(request: Pick<ODataRequest, "query" | "headers">, version: "V2" | "V4"): boolean {
  const format = /(?:^|&)(?:\$|%24)format=([^&]*)/.exec(request.query)?.[1];
  if (format !== undefined) return /^(json|application(\/|%2F)json)/i.test(format);
  const accept = headerOf(request.headers, "accept") ?? "";
  return accept.includes("json") || (version === "V4" && !accept.includes("xml"));
}
