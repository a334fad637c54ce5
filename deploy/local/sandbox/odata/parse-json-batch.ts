import type { IncomingHttpHeaders } from "node:http";
import type { BatchOperation, BatchPart } from "./batch-part.ts";
import { isJsonObject, parseJsonObject, writeJson } from "./json-body.ts";
import type { JsonObject, JsonValue } from "./json-body.ts";
import { refuse } from "./sap-error.ts";

/** The parts of a JSON $batch of V4; requests in a row with the same atomicityGroup are a change set. */
export function parseJsonBatch(body: string): BatchPart[] {
  const { requests } = parseJsonObject(body);
  if (!Array.isArray(requests) || !requests.every(isJsonObject))
    throw refuse("bad-payload", "A JSON batch holds a list of 'requests'");
  const parts: BatchPart[] = [];
  for (const request of requests as readonly JsonObject[]) {
    const operation = parseRequest(request);
    const group = request["atomicityGroup"];
    const last = parts.at(-1);
    if (typeof group !== "string") parts.push({ kind: "request", operation });
    else if (last?.kind === "change-set" && last.id === group)
      parts[parts.length - 1] = { ...last, operations: [...last.operations, operation] };
    else parts.push({ kind: "change-set", id: group, operations: [operation] });
  }
  return parts;
}

function parseRequest({ id, method, url, headers, body, dependsOn }: JsonObject): BatchOperation {
  if (typeof id !== "string" || typeof method !== "string" || typeof url !== "string") {
    throw refuse("bad-payload", "A request of a JSON batch needs the strings 'id', 'method' and 'url'");
  }
  const given = isJsonObject(headers)
    ? Object.entries(headers).map(([name, value]) => [name.toLowerCase(), typeof value === "string" ? value : ""])
    : [];
  return {
    contentId: id,
    method: method.toUpperCase(),
    url,
    headers: { "content-type": "application/json", ...(Object.fromEntries(given) as IncomingHttpHeaders) },
    body: body === undefined ? "" : writeJson(body),
    dependsOn: Array.isArray(dependsOn) ? (dependsOn as readonly JsonValue[]).map(String) : [],
  };
}
