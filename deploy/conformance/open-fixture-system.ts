import { randomBytes, randomUUID } from "node:crypto";
import { provideRedis } from "../local/redis.ts";
import { openRouter } from "../local/router.ts";
import { startProcess } from "../local/start-process.ts";
import type { RunningProcess } from "../local/start-process.ts";

const gatewayEntry = new URL("../../gateway/conformance/main.ts", import.meta.url);
const workerEntry = new URL("../../worker/conformance/main.ts", import.meta.url);

export interface FixtureSystem extends AsyncDisposable {
  /** URL of the MCP endpoint behind the router. */
  readonly url: string;
  /** How many tool calls each process has finished, by its name. */
  readonly calls: ReadonlyMap<string, number>;
}

/** Opens Redis, two workers with the suite's tools, two gateways that offer them, and a router that draws lots. */
export async function openFixtureSystem(report: (step: string) => void, signal: AbortSignal): Promise<FixtureSystem> {
  await using opened = new AsyncDisposableStack();
  const calls = new Map<string, number>();
  const redis = opened.use(await provideRedis({ env: process.env, appendOnly: false, report, signal }));
  const env = {
    REDIS_URL: redis.url,
    KEY_PREFIX: `{mcp-conformance-${randomUUID()}}`,
    SAP_DESTINATION_NAME: "CONFORMANCE",
    SAP_DESTINATIONS: "",
    SESSION_TTL_S: "600",
    // Below the second that the suite's slow tools take, above what quick ones need on a busy machine.
    TASK_AFTER_MS: "600",
    REQUEST_STATE_KEY: randomBytes(32).toString("hex"),
    LOG_LEVEL: "info",
  };
  const start = async (role: "gateway" | "worker", index: number): Promise<RunningProcess> => {
    const name = `${role}-${index}`;
    calls.set(name, 0);
    const onLine = (line: string) => {
      if (/"msg":"(call|job) finished"/.test(line)) calls.set(name, (calls.get(name) ?? 0) + 1);
    };
    const entry = role === "gateway" ? gatewayEntry : workerEntry;
    const child = await startProcess({ name, entry, env: { ...env, CF_INSTANCE_INDEX: String(index) }, onLine });
    return opened.use(child);
  };
  report("Starting 2 × worker and 2 × gateway");
  const workers = [await start("worker", 0), await start("worker", 1)];
  const gateways = [await start("gateway", 0), await start("gateway", 1)];
  const limited = AbortSignal.any([signal, AbortSignal.timeout(60_000)]);
  await Promise.all([...workers, ...gateways].map((child) => child.ready(limited)));
  const router = opened.use(await openRouter({ targets: () => gateways.map((gateway) => gateway.url) }));

  const owned = opened.move();
  return { url: `${router.url}/mcp`, calls, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
