import { contentIdOf, groupNameOf } from "./batch-request.ts";
import type { BatchItem, BatchMessage, BatchRequest } from "./batch-request.ts";

/** The body of a JSON $batch, which V4 knows (OData JSON format 4.01, section 19). */
export function writeJsonBatch(items: readonly BatchItem[]): BatchMessage {
  const requests = items.flatMap((item, at) =>
    item.kind === "single"
      ? [describe(item.request, contentIdOf(items, at))]
      : item.requests.map((request, inner) => ({
          ...describe(request, contentIdOf(items, at, inner)),
          atomicityGroup: groupNameOf(at),
        })),
  );
  return { contentType: "application/json", body: JSON.stringify({ requests }) };
}

function describe({ method, path, headers, body }: BatchRequest, id: string) {
  return {
    id,
    method: method.toLowerCase(),
    url: path,
    headers,
    ...(body !== undefined && { body: JSON.parse(body) as unknown }),
  };
}
