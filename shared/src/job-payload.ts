import { z } from "zod";
import { callerSchema } from "./caller.ts";

/** What the gateway puts on the queue: the contract's input and everything the worker needs to answer. */
export const jobPayloadSchema = z.object({
  input: z.unknown(),
  caller: callerSchema,
  /** Id of the gateway process whose reply stream gets the answer. */
  replyTo: z.string(),
  /** When the caller stops waiting, in ms since 1970. A job is not begun after it. */
  expiresAt: z.number(),
  /** Whether the caller wants to hear of the start and of progress. */
  progress: z.boolean(),
  /** Whether the gateway fetches results that are parked beside its stream; absent from gateways that can't. */
  fetchesParked: z.boolean().optional(),
  /** The caller's own id of a write; without it the call's id stands for it. */
  idempotencyKey: z.string().optional(),
  /** The task that the call becomes if it is not answered by `dueAt`, in ms since 1970. */
  task: z.object({ id: z.string(), dueAt: z.number() }).optional(),
  correlationId: z.string(),
  /** W3C trace context of the request. */
  traceparent: z.string().optional(),
});

export type JobPayload = z.output<typeof jobPayloadSchema>;
