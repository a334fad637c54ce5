import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFreePort } from "./find-free-port.ts";
import type { RedisCommand } from "./redis-command.ts";
import { spawnChild } from "./spawn-child.ts";
import { untilReady } from "./until-ready.ts";

export interface RedisServer extends AsyncDisposable {
  readonly url: string;
  /** Resolves when the server has ended, with how; never for a server that was not started here. */
  readonly exited: Promise<string>;
  readonly stop: () => Promise<void>;
}

export interface RedisStart {
  readonly env: NodeJS.ProcessEnv;
  /** Writes every command to disk, as production does; without it nothing is kept. */
  readonly appendOnly: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Starts a Redis on a free port of 127.0.0.1, with a data folder that goes when it stops. */
export async function startRedis(command: RedisCommand, { env, appendOnly, signal }: RedisStart): Promise<RedisServer> {
  const dataDir = await mkdtemp(join(tmpdir(), "sap-mcp-redis-"));
  await using opened = new AsyncDisposableStack();
  opened.defer(() => rm(dataDir, { recursive: true, force: true }));

  const port = await findFreePort();
  const args = command.args(port, dataDir, appendOnly);
  const child = opened.use(await spawnChild({ name: "redis", program: command.program, args, env }));
  const isReady = () => child.lastLines().some((line) => line.includes("Ready to accept connections"));
  await untilReady(child, isReady, { timeoutMs: command.startTimeoutMs, signal });

  const owned = opened.move();
  const stop = () => owned.disposeAsync();
  return { url: `redis://127.0.0.1:${port}`, exited: child.exited, stop, [Symbol.asyncDispose]: stop };
}
