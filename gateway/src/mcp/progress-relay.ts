import type { ServerContext } from "@modelcontextprotocol/server";
import type { Progress } from "@sap-mcp/shared/reply.ts";

const waitingIntervalMs = 5_000;
const smallestStep = 1e-6;

/** Passes a call's progress to its client, and says that it waits as long as no worker has taken it. */
export interface ProgressRelay extends Disposable {
  readonly onProgress: (progress: Progress | "started") => void;
}

/** A relay for a request that asked for progress, else undefined. */
export function openProgressRelay(
  context: ServerContext,
  forward?: (progress: Progress, context: ServerContext) => void,
): ProgressRelay | undefined {
  const token = context.mcpReq._meta?.progressToken;
  if (forward !== undefined) {
    return {
      onProgress: (progress) => {
        if (progress !== "started") forward(progress, context);
      },
      [Symbol.dispose]: () => undefined,
    };
  }
  if (token === undefined) return undefined;

  let last = -smallestStep;
  const notify = (progress: Progress) => {
    // The specification wants the value to rise with each notification (basic/utilities/progress).
    last = progress.progress > last ? progress.progress : last + smallestStep;
    const params = { ...progress, progress: last, progressToken: token };
    // A client that has gone misses its progress; its going is noticed by the signal.
    context.mcpReq.notify({ method: "notifications/progress", params }).catch(() => undefined);
  };
  const waiting = setInterval(() => notify({ progress: 0, message: "waiting for a free worker" }), waitingIntervalMs);
  return {
    onProgress: (progress) => {
      clearInterval(waiting);
      if (progress !== "started") notify(progress);
    },
    [Symbol.dispose]: () => clearInterval(waiting),
  };
}
