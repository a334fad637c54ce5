import type { IncomingHttpHeaders } from "node:http";
import type { ODataAnswer } from "./odata-message.ts";

/** One request of a $batch. */
export interface BatchOperation {
  readonly contentId: string | undefined;
  readonly method: string;
  /** As it came: relative to the service, with the path of the service, or absolute; or beginning with `$` and a content id. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Content ids of requests without which this one makes no sense. */
  readonly dependsOn: readonly string[];
}

/** A change set is carried out whole or not at all. */
export type BatchPart =
  | { readonly kind: "request"; readonly operation: BatchOperation }
  | { readonly kind: "change-set"; readonly id: string | undefined; readonly operations: readonly BatchOperation[] };

export interface BatchAnswer {
  readonly contentId: string | undefined;
  readonly answer: ODataAnswer;
}

/** What became of a part. A change set that failed has one answer, which stands for all of it. */
export type BatchOutcome =
  | { readonly kind: "request"; readonly answer: BatchAnswer }
  | { readonly kind: "change-set"; readonly answers: readonly BatchAnswer[] };
