import { randomUUID } from "node:crypto";
import { fail } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { SapAnswer } from "../odata/answer.ts";
import type { BatchItem, BatchMessage } from "../odata/batch-request.ts";
import { readBatch } from "../odata/read-batch.ts";
import type { BatchOutcome } from "../odata/read-batch.ts";
import type { ServiceModel } from "../odata/service-model.ts";
import { writeJsonBatch } from "../odata/write-json-batch.ts";
import { writeMultipartBatch } from "../odata/write-multipart-batch.ts";
import { refuseErrors, refuseWriteErrors } from "./contact.ts";
import type { Talk } from "./contact.ts";

/** Statuses by which a service says that it takes no multipart batch; nothing has been executed then. */
const unsupported: ReadonlySet<number> = new Set([406, 415, 501]);

export interface BatchTarget {
  readonly model: ServiceModel;
  readonly servicePath: string;
}

/** Sends several requests as one, multipart, or as JSON where a V4 service takes no other. */
export async function sendBatch(
  talk: Talk,
  target: BatchTarget,
  items: readonly BatchItem[],
): Promise<Outcome<BatchOutcome[]>> {
  const send = () => post(talk, target, writeMultipartBatch(items, randomUUID()));
  const changes = items.some((item) => item.kind === "change-set" || item.request.method !== "GET");
  let answer = await send();
  // Reads may be sent again, though they come in a POST: the system may have closed the idle socket at that moment.
  if (!answer.ok && answer.failure.kind === "outcome-unknown" && !changes) {
    answer = await send();
    if (!answer.ok && answer.failure.kind === "outcome-unknown") return failUnread(answer.failure.message);
  }
  if (answer.ok && target.model.odataVersion === "V4" && unsupported.has(answer.value.status))
    answer = await post(talk, target, writeJsonBatch(items));
  const accepted = changes ? refuseWriteErrors(answer) : refuseErrors(answer);
  if (!accepted.ok) return accepted;
  const outcomes = readBatch(items, accepted.value);
  if (outcomes.ok || !changes) return outcomes;
  return fail("outcome-unknown", `${outcomes.failure.message} SAP may have executed the changes all the same.`, {
    guidance: "Read the entities to see which changes were made, before you repeat them.",
  });
}

function post(
  talk: Talk,
  { model, servicePath }: BatchTarget,
  { contentType, body }: BatchMessage,
): Promise<Outcome<SapAnswer>> {
  const isJson = contentType === "application/json";
  return talk.tryWrite({
    method: "POST",
    path: `${servicePath}/$batch`,
    servicePath,
    headers: {
      accept: isJson ? "application/json" : "multipart/mixed",
      "content-type": contentType,
      // Each item stands for itself: a failed one must not keep the others from being executed.
      ...(model.odataVersion === "V4" && { prefer: "odata.continue-on-error", "odata-version": "4.0" }),
    },
    body,
  });
}

function failUnread(message: string): ReturnType<typeof fail> {
  return fail("sap-unavailable", message.replace(/ SAP may have executed.*$/, ""), { guidance: "Try again later." });
}
