import { randomUUID } from "node:crypto";
import { openRouter } from "../../local/router.ts";
import { openSandbox } from "../../local/sandbox/open-sandbox.ts";
import type { Sandbox } from "../../local/sandbox/open-sandbox.ts";
import { gatewayEntry, startProcess, workerEntry } from "../../local/start-process.ts";
import type { RunningProcess } from "../../local/start-process.ts";

export interface TestSystemOptions {
  readonly redisUrl: string;
  readonly gateways?: number;
  readonly workers?: number;
  /** Added to the environment of every process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The product's own processes around a sandbox SAP system, behind a router that draws a gateway for each request. */
export interface TestSystem {
  readonly url: string;
  readonly mcpUrl: URL;
  readonly sandbox: Sandbox;
  /** Those that the router picks from; a killed one stays until it is taken out. */
  readonly gateways: RunningProcess[];
  readonly workers: RunningProcess[];
}

export async function openTestSystem(stack: AsyncDisposableStack, options: TestSystemOptions): Promise<TestSystem> {
  const sandbox = stack.adopt(await openSandbox(), (it) => it.close());
  const env = {
    REDIS_URL: options.redisUrl,
    KEY_PREFIX: `{test-${randomUUID()}}`,
    SAP_DESTINATION_NAME: "S4",
    SAP_ALLOW_WRITES: "true",
    // Most clients of the tests have nobody to ask.
    CONFIRM: "none",
    LOG_LEVEL: "warn",
    destinations: JSON.stringify([{ name: "S4", url: sandbox.url }]),
    ...options.env,
  };
  const start = async (name: string, entry: URL) => stack.use(await startProcess({ name, entry, env }));
  const startAll = (count: number, name: string, entry: URL) =>
    Promise.all(Array.from({ length: count }, (_, at) => start(`${name}-${at}`, entry)));
  const workers = await startAll(options.workers ?? 2, "worker", workerEntry);
  const gateways = await startAll(options.gateways ?? 2, "gateway", gatewayEntry);
  await Promise.all([...workers, ...gateways].map((one) => one.ready()));
  const targets = () => gateways.filter((one) => one.ended() === undefined).map((one) => one.url);
  const router = stack.use(await openRouter({ targets }));
  return { url: router.url, mcpUrl: new URL("/mcp", router.url), sandbox, gateways, workers };
}
