import { replyStreamKey } from "@sap-mcp/shared/keys.ts";
import type { RedisConnection } from "@sap-mcp/shared/redis-connection.ts";
import { CallClient } from "./call-client.ts";
import type { CallClientOptions } from "./call-client.ts";
import { openCallQueues } from "./call-queues.ts";
import { ReplyStream } from "./reply-stream.ts";

export interface OpenCallClientOptions extends Omit<CallClientOptions, "queues"> {
  readonly destinations: readonly string[];
  /** Connections of their own that wait while Redis is away: for the queues and for reading replies. */
  readonly queueing: RedisConnection;
  readonly reader: RedisConnection;
}

/**
 * Opens queues and reply stream on connections that the caller owns, and closes them with the stack.
 * Redis need not be there yet: until it is, calls fail at once.
 */
export function openCallClient(stack: AsyncDisposableStack, options: OpenCallClientOptions): CallClient {
  const { commands, prefix, gatewayId, log } = options;
  const queues = openCallQueues(options.queueing, prefix, options.destinations);
  for (const queue of [...queues.values()].flatMap(({ read, write }) => [read, write])) {
    // Without a listener an error of the connection would end the process; the connection reconnects by itself.
    queue.on("error", (error) => log.warn({ err: error }, "queue connection failed"));
    stack.defer(() => queue.close());
  }
  const client = new CallClient({ ...options, queues });
  const replies = new ReplyStream({
    key: replyStreamKey(prefix, gatewayId),
    prefix,
    reader: options.reader,
    commands,
    log,
    onReply: (reply) => client.receive(reply),
  });
  replies.open();
  stack.defer(() => replies.close());

  const recover = () => {
    replies
      .ensure()
      .then(() => client.addAgain())
      .catch((error: unknown) => log.warn({ err: error }, "recovery has to wait for the next connection"));
  };
  if (commands.status === "ready") recover();
  commands.on("ready", recover);
  stack.defer(() => void commands.off("ready", recover));
  return client;
}
