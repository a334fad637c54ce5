import type { Answer, SendOptions } from "../../local/sandbox/testing/sandbox-client.ts";
import type { ComparedRequest } from "./compared-request.ts";

export type Reply = Pick<Answer, "status" | "headers" | "text">;
export type Send = (path: string, options: SendOptions) => Promise<Reply>;

/** Sends a request of the list to one of the two systems, with the ETag that this one gave when it is to be sent. */
export async function ask(send: Send, { root, path, ifMatch, headers, method, body }: ComparedRequest): Promise<Reply> {
  const url = `${root}/${encodeOptions(path)}`;
  const etag = ifMatch === "current" ? etagIn(await send(url, {})) : ifMatch === "stale" ? 'W/"stale"' : undefined;
  return send(url, {
    headers: { ...headers, ...(etag !== undefined && { "if-match": etag }) },
    method,
    ...(body !== undefined && { body }),
  });
}

function encodeOptions(path: string): string {
  const [resource = "", ...options] = path.split(/\?|&(?=\$?\w+=)/);
  const encoded = options.map((option) =>
    option.replace(/=(.*)/s, (_, value: string) => `=${encodeURIComponent(value)}`),
  );
  return encoded.length === 0 ? resource : `${resource}?${encoded.join("&")}`;
}

function etagIn({ text }: Reply): string {
  const quoted = /"(?:@odata\.)?etag":("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
  if (quoted === undefined) throw new Error(`No ETag in ${text}`);
  return JSON.parse(quoted) as string;
}
