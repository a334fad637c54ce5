import type { RedisConnection } from "@sap-mcp/shared/redis-connection.ts";

/** Publish and subscribe over Redis; a message reaches who listens now and is lost otherwise. */
export interface RedisChannels {
  readonly publish: (channel: string, message: string) => Promise<void>;
  /** Resolves once messages arrive; the returned function ends the subscription. */
  readonly subscribe: (channel: string, listener: (message: string) => void) => Promise<() => void>;
}

/** Shares one subscriber connection between all channels of the process; the caller owns both connections. */
export function createRedisChannels(subscriber: RedisConnection, commands: RedisConnection): RedisChannels {
  const listeners = new Map<string, Set<(message: string) => void>>();
  subscriber.on("message", (channel: string, message: string) => {
    for (const listener of listeners.get(channel) ?? []) listener(message);
  });
  return {
    publish: async (channel, message) => {
      await commands.publish(channel, message);
    },
    subscribe: async (channel, listener) => {
      const known = listeners.get(channel);
      const heard = known ?? new Set();
      heard.add(listener);
      if (known === undefined) {
        listeners.set(channel, heard);
        await subscriber.subscribe(channel);
      }
      return () => {
        heard.delete(listener);
        if (heard.size > 0 || listeners.get(channel) !== heard) return;
        listeners.delete(channel);
        // While Redis is away the subscription is gone anyway.
        subscriber.unsubscribe(channel).catch(() => undefined);
      };
    },
  };
}
