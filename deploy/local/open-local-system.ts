import { findFreePort } from "./find-free-port.ts";
import { keepRunning } from "./keep-running.ts";
import type { KeptProcess } from "./keep-running.ts";
import type { StartOptions } from "./parse-start-options.ts";
import { provideRedis } from "./redis.ts";
import { openRouter } from "./router.ts";
import { gatewayEntry, startProcess, workerEntry } from "./start-process.ts";
import type { ProcessOptions } from "./start-process.ts";

export interface SystemContext {
  /** Told in one sentence about each step, and about each process that ended. */
  readonly report: (event: string) => void;
  /** Gets each line that a process writes. */
  readonly onLine: (name: string, line: string) => void;
  /** Breaks the start off. */
  readonly signal: AbortSignal;
}

export interface LocalSystem extends AsyncDisposable {
  /** Base URL of the router in front of the gateways. */
  readonly url: string;
  /** Rejects when the system cannot go on by itself, or when the signal fires. */
  readonly failed: Promise<never>;
}

const destination = "SANDBOX";

/** Opens router, Redis, sandbox SAP system, workers and gateways, in this order; closes them in the reverse one. */
export async function openLocalSystem(
  { gateways: gatewayCount, workers: workerCount, port, verbose }: Omit<StartOptions, "help">,
  { report, onLine, signal }: SystemContext,
): Promise<LocalSystem> {
  signal.throwIfAborted();
  await using opened = new AsyncDisposableStack();
  const { promise: failed, reject: giveUp } = Promise.withResolvers<never>();
  failed.catch(() => {});
  signal.addEventListener("abort", () => giveUp(signal.reason));

  const keep = (options: readonly ProcessOptions[]): readonly KeptProcess[] => {
    const kept = options.map((one) => {
      const start = () => startProcess({ ...one, onLine: (line) => onLine(one.name, line) });
      return keepRunning({ start, report });
    });
    for (const one of kept) one.over.catch(giveUp);
    opened.defer(async () => void (await Promise.all(kept.map((one) => one[Symbol.asyncDispose]()))));
    return kept;
  };
  const allReady = (kept: readonly KeptProcess[]) => Promise.race([failed, Promise.all(kept.map((one) => one.ready))]);

  let gateways: readonly KeptProcess[] = [];
  const targets = () => gateways.flatMap((one) => one.current()?.url ?? []);
  const router = opened.use(await openRouter({ targets, port }));

  const redis = opened.use(await provideRedis({ env: process.env, appendOnly: true, report, signal }));
  void redis.exited.then((how) => giveUp(new Error(`Redis ended with ${how}`)));

  report("Starting the sandbox SAP system");
  const sandboxPort = String(await findFreePort());
  await allReady(keep([describeSandbox(sandboxPort)]));

  report(`Starting ${workerCount} × worker and ${gatewayCount} × gateway`);
  const env = {
    REDIS_URL: redis.url,
    SAP_DESTINATION_NAME: destination,
    SAP_DESTINATIONS: destination,
    // Nothing real is changed here, so the tools may show all that they can.
    SAP_ALLOW_WRITES: "true",
    // For the same reason clients that can't ask their user may delete, unless CONFIRM says otherwise.
    CONFIRM: process.env.CONFIRM ?? "none",
    LOG_LEVEL: verbose ? "debug" : "info",
  };
  const destinations = JSON.stringify([{ name: destination, url: `http://127.0.0.1:${sandboxPort}` }]);
  const workers = keep(
    Array.from({ length: workerCount }, (_, index) => ({
      name: `worker-${index}`,
      entry: workerEntry,
      env: { ...env, destinations, CF_INSTANCE_INDEX: String(index) },
    })),
  );
  gateways = keep(
    Array.from({ length: gatewayCount }, (_, index) => ({
      name: `gateway-${index}`,
      entry: gatewayEntry,
      env: { ...env, AUTH_MODE: "none", CF_INSTANCE_INDEX: String(index) },
    })),
  );
  await allReady([...workers, ...gateways]);

  const owned = opened.move();
  return { url: router.url, failed, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function describeSandbox(port: string): ProcessOptions {
  return {
    name: "sandbox",
    entry: new URL("sandbox/main.ts", import.meta.url),
    env: { PORT: port },
    readyPath: "/sandbox/stats",
  };
}
