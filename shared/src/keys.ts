import type { JobEffect } from "./contracts/define-job.ts";

/** The prefix of every key; its hash tag keeps all of them in one slot of a Redis cluster, as BullMQ needs. */
export const keyPrefix = "{sap-mcp}";

/** Name of the BullMQ queue that carries the reads or the writes of one destination, so that neither blocks the other. */
export function queueNameOf(destination: string, lane: JobEffect = "read"): string {
  // BullMQ builds keys with ':', so a name must not contain one; nor has any encoded name an '@'.
  return `sap-${encodeURIComponent(destination)}${lane === "write" ? "@write" : ""}`;
}

/** Whether calls of a destination are let through to SAP; the fleet's common circuit breaker. */
export function breakerKey(prefix: string, destination: string): string {
  return `${prefix}:breaker:${destination}`;
}

/** The stream on which workers answer one gateway process. */
export function replyStreamKey(prefix: string, gatewayId: string): string {
  return `${prefix}:reply:${gatewayId}`;
}

/** A result that was too large for the reply stream, until its gateway has fetched it. */
export function parkedReplyKey(prefix: string, callId: string): string {
  return `${prefix}:parked:${callId}`;
}

/** Name of the release whose idle workers may take jobs. */
export function liveReleaseKey(prefix: string): string {
  return `${prefix}:live-release`;
}

/** The channel on which all workers hear that a call was cancelled; the message is the call id. */
export function cancelChannel(prefix: string): string {
  return `${prefix}:cancel`;
}

/** Marks a write as begun, so that it is never begun again. */
export function writeClaimKey(prefix: string, callId: string): string {
  return `${prefix}:idem:${callId}`;
}

/** What became of the write that a principal gave this key; the slash tells it from a claim. */
export function writeRecordKey(prefix: string, principal: string, idempotencyKey: string): string {
  return `${prefix}:idem:${principal}:${idempotencyKey}`;
}

/** What the write that a principal gave this key brought back. */
export function writeResultKey(prefix: string, principal: string, idempotencyKey: string): string {
  return `${prefix}:idem-result:${principal}:${idempotencyKey}`;
}

/** The key with which gateways sign what travels by way of a client, where no setting gives one. */
export function stateKeyKey(prefix: string): string {
  return `${prefix}:state-key`;
}

/** What the workers last found out about a destination. */
export function destinationHealthKey(prefix: string, destination: string): string {
  return `${prefix}:destination-health:${destination}`;
}

/** A call that became a task: a hash with what is known of it, its outcome included. */
export function taskKey(prefix: string, taskId: string): string {
  return `${prefix}:task:${taskId}`;
}

/** The channel on which gateways hear that a task has changed. */
export function taskChannel(prefix: string, taskId: string): string {
  return `${prefix}:task-news:${taskId}`;
}
