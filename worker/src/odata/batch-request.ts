/** One request of a $batch. */
export interface BatchRequest {
  readonly method: string;
  /** Relative to the service, percent-encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What stands in a $batch by itself: one request, or several changes of which SAP executes all or none. */
export type BatchItem =
  | { readonly kind: "single"; readonly request: BatchRequest }
  | { readonly kind: "change-set"; readonly requests: readonly BatchRequest[] };

export interface BatchMessage {
  readonly contentType: string;
  readonly body: string;
}

/** The number of a request within its batch, from 1, under which its answer is found. */
export function contentIdOf(items: readonly BatchItem[], item: number, request = 0): string {
  const before = items.slice(0, item).reduce((sum, it) => sum + sizeOf(it), 0);
  return String(before + request + 1);
}

/** Name of the item at a place, where it is a change set, as the atomicity group of a JSON batch. */
export function groupNameOf(item: number): string {
  return `g${item + 1}`;
}

function sizeOf(item: BatchItem): number {
  return item.kind === "single" ? 1 : item.requests.length;
}
