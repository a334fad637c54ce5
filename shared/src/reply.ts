import { z } from "zod";
import { failureSchema } from "./failure.ts";
import type { Failure } from "./failure.ts";

/** A message of a worker to the gateway that waits for a call. */
export type Reply =
  | { readonly kind: "started"; readonly callId: string }
  | { readonly kind: "progress"; readonly callId: string; readonly progress: Progress }
  | { readonly kind: "failed"; readonly callId: string; readonly failure: Failure }
  /** `json` is the result as the worker wrote it, so that nobody on the way has to parse it to pass it on. */
  | { readonly kind: "done"; readonly callId: string; readonly json: Buffer };

/** Stands in the stream for a `done` whose result is parked under `parkedReplyKey`, for gateways that fetch it. */
export interface ParkedReply {
  readonly kind: "parked";
  readonly callId: string;
}

/** Results above this size are parked, so that a gateway which reads many replies at once holds a bounded heap of them. */
export const parkAboveBytes = 256 * 1_024;

const progressSchema = z.object({
  progress: z.number(),
  total: z.number().optional(),
  message: z.string().optional(),
});

/** How far a call has come, as in MCP's notifications/progress. */
export type Progress = z.output<typeof progressSchema>;

/** The fields of a stream entry. The result has a field of its own: as JSON inside JSON it would cost ten times the CPU. */
export function encodeReply(reply: Reply | ParkedReply): (string | Buffer)[] {
  switch (reply.kind) {
    case "started":
      return ["kind", "started", "call", reply.callId];
    case "progress":
      return ["kind", "progress", "call", reply.callId, "body", JSON.stringify(reply.progress)];
    case "failed":
      return ["kind", "failed", "call", reply.callId, "body", JSON.stringify(reply.failure)];
    case "done":
      return ["kind", "done", "call", reply.callId, "body", reply.json];
    case "parked":
      return ["kind", "parked", "call", reply.callId];
  }
}

/** The reply in a stream entry, or undefined for an entry that this version does not know. */
export function decodeReply(fields: readonly Buffer[]): Reply | ParkedReply | undefined {
  let kind = "";
  let callId = "";
  let body: Buffer = Buffer.alloc(0);
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const value = fields[at + 1] as Buffer;
    const name = (fields[at] as Buffer).toString();
    if (name === "kind") kind = value.toString();
    else if (name === "call") callId = value.toString();
    else if (name === "body") body = value;
  }
  switch (kind) {
    case "started":
    case "parked":
      return { kind, callId };
    case "progress":
      return { kind, callId, progress: progressSchema.parse(JSON.parse(body.toString())) };
    case "failed":
      return { kind, callId, failure: failureSchema.parse(JSON.parse(body.toString())) };
    case "done":
      return { kind, callId, json: body };
    default:
      return undefined;
  }
}
