import { fileURLToPath } from "node:url";
import { findFreePort } from "./find-free-port.ts";
import { spawnChild } from "./spawn-child.ts";
import type { Child } from "./spawn-child.ts";
import { untilReady } from "./until-ready.ts";

export interface ProcessOptions {
  /** Stands in messages: `gateway-1`. */
  readonly name: string;
  /** The file that Node runs. */
  readonly entry: URL;
  /** Added to this process's own environment. PORT is a free one unless it stands here. */
  readonly env: Readonly<Record<string, string>>;
  readonly onLine?: ((line: string) => void) | undefined;
  /** Answers 2xx when the process can work; `/health/ready` when absent. */
  readonly readyPath?: string;
}

/** A Node process of the system with an HTTP port of its own. */
export interface RunningProcess extends Child {
  readonly url: string;
  /** Resolves when the process says that it is ready; rejects when it ends first, when the signal fires or time is up. */
  readonly ready: (signal?: AbortSignal, timeoutMs?: number) => Promise<void>;
}

export const gatewayEntry = new URL("../../gateway/src/main.ts", import.meta.url);
export const workerEntry = new URL("../../worker/src/main.ts", import.meta.url);

/** Starts a process that listens on 127.0.0.1; `kill` ends it as a crash would, `stop` as the platform does. */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  const port = options.env.PORT ?? String(await findFreePort());
  const url = `http://127.0.0.1:${port}`;
  const child = await spawnChild({
    name: options.name,
    program: process.execPath,
    args: [fileURLToPath(options.entry)],
    env: { ...process.env, HOST: "127.0.0.1", ...options.env, PORT: port },
    onLine: options.onLine,
  });
  const readyUrl = new URL(options.readyPath ?? "/health/ready", url);
  return {
    ...child,
    url,
    ready: (signal, timeoutMs = 60_000) => untilReady(child, () => answersOk(readyUrl), { timeoutMs, signal }),
  };
}

async function answersOk(url: URL): Promise<boolean> {
  const answer = await fetch(url, { headers: { connection: "close" }, signal: AbortSignal.timeout(2_000) });
  await answer.body?.cancel();
  return answer.ok;
}
