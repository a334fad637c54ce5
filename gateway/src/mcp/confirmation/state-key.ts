import { randomBytes } from "node:crypto";
import { stateKeyKey } from "@sap-mcp/shared/keys.ts";
import type { RedisConnection } from "@sap-mcp/shared/redis-connection.ts";

/** Far longer than any state that is signed with the key; each use prolongs it. */
const lifetimeS = 86_400;

/** Gives the key with which states are signed: that of the setting, else one that all gateways share through Redis. */
export function provideStateKey(
  setting: string | undefined,
  redis: RedisConnection,
  prefix: string,
): () => Promise<string> {
  if (setting !== undefined) return () => Promise.resolve(setting);
  const name = stateKeyKey(prefix);
  return async () => {
    const fresh = randomBytes(32).toString("base64url");
    const answers = await redis.multi().set(name, fresh, "EX", lifetimeS, "NX").getex(name, "EX", lifetimeS).exec();
    const [error, key] = answers?.[1] ?? [];
    if (error) throw error;
    return key as string;
  };
}
