import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { findFreePort } from "../local/find-free-port.ts";
import { commandInPath } from "../local/redis-command.ts";
import { spawnChild } from "../local/spawn-child.ts";
import { untilReady } from "../local/until-ready.ts";

/** A Redis with append-only files that can be killed and started again on the same port and files. */
export interface ChaosRedis {
  readonly url: string;
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
  /** Cuts the connections of every client. */
  readonly dropConnections: () => Promise<void>;
  readonly usedMemory: () => Promise<number>;
}

/** @throws when neither redis-server nor valkey-server is in the PATH. */
export async function openChaosRedis(stack: AsyncDisposableStack): Promise<ChaosRedis> {
  const command = await commandInPath(process.env);
  if (command === undefined) throw new Error("Install redis-server or valkey-server: faults are injected into it.");
  const dataDir = await mkdtemp(join(tmpdir(), "sap-mcp-chaos-"));
  stack.defer(() => rm(dataDir, { recursive: true, force: true }));
  const port = await findFreePort();
  const url = `redis://127.0.0.1:${port}`;
  const spawn = async () => {
    const args = command.args(port, dataDir, true);
    const child = await spawnChild({ name: "redis", program: command.program, args, env: process.env });
    const isReady = () => child.lastLines().some((line) => line.includes("Ready to accept connections"));
    await untilReady(child, isReady, { timeoutMs: command.startTimeoutMs });
    return child;
  };
  let child = await spawn();
  stack.defer(() => child.stop());
  const ask = async <T>(work: (redis: Redis) => Promise<T>): Promise<T> => {
    const redis = new Redis(url, { protocol: 2 });
    try {
      return await work(redis);
    } finally {
      redis.disconnect();
    }
  };
  return {
    url,
    kill: () => child.kill(),
    start: async () => {
      child = await spawn();
    },
    dropConnections: () =>
      ask(async (redis) => {
        await redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        await redis.call("CLIENT", "KILL", "TYPE", "pubsub");
      }),
    usedMemory: () => ask(async (redis) => Number(/used_memory:(\d+)/.exec(await redis.info("memory"))?.[1] ?? 0)),
  };
}
