/** The prefix of every key; its hash tag keeps all of them in one slot of a Redis cluster, as BullMQ needs. */
export const keyPrefix = "{sap-mcp}";

/** Name of the BullMQ queue that carries the calls of one destination. */
export function queueNameOf(destination: string): string {
  // BullMQ builds keys with ':', so a name must not contain one.
  return `sap-${encodeURIComponent(destination)}`;
}

/** The stream on which workers answer one gateway process. */
export function replyStreamKey(prefix: string, gatewayId: string): string {
  return `${prefix}:reply:${gatewayId}`;
}

/** The channel on which all workers hear that a call was cancelled; the message is the call id. */
export function cancelChannel(prefix: string): string {
  return `${prefix}:cancel`;
}

/** Marks a write as begun, so that it is never begun again. */
export function writeClaimKey(prefix: string, callId: string): string {
  return `${prefix}:idem:${callId}`;
}

/** What the workers last found out about a destination. */
export function destinationHealthKey(prefix: string, destination: string): string {
  return `${prefix}:destination-health:${destination}`;
}
