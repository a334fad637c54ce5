import { openRouter } from "../local/router.ts";
import { openSandbox } from "../local/sandbox/open-sandbox.ts";
import type { Sandbox } from "../local/sandbox/open-sandbox.ts";
import { Fleet } from "./fleet.ts";
import { openChaosRedis } from "./open-chaos-redis.ts";
import type { ChaosRedis } from "./open-chaos-redis.ts";

export interface ChaosSystem {
  readonly mcpUrl: URL;
  readonly sandbox: Sandbox;
  readonly redis: ChaosRedis;
  readonly fleet: Fleet;
}

export interface ChaosSize {
  readonly gateways: number;
  readonly workers: number;
  /** Time within which the product answers each call, in ms. */
  readonly callTimeoutMs: number;
  /** Added to the environment of every process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The product's own processes with their default settings, a Redis that can be killed, and a sandbox SAP system. */
export async function openChaosSystem(stack: AsyncDisposableStack, size: ChaosSize): Promise<ChaosSystem> {
  const sandbox = stack.adopt(await openSandbox(), (it) => it.close());
  const redis = await openChaosRedis(stack);
  const fleet = stack.use(
    new Fleet({
      REDIS_URL: redis.url,
      SAP_DESTINATION_NAME: "S4",
      SAP_DESTINATIONS: "S4",
      SAP_ALLOW_WRITES: "true",
      CALL_TIMEOUT_MS: String(size.callTimeoutMs),
      LOG_LEVEL: "warn",
      destinations: JSON.stringify([{ name: "S4", url: sandbox.url }]),
      ...size.env,
    }),
  );
  await Promise.all([fleet.add("worker", size.workers), fleet.add("gateway", size.gateways)]);
  const router = stack.use(await openRouter({ targets: () => fleet.targets }));
  return { mcpUrl: new URL("/mcp", router.url), sandbox, redis, fleet };
}
