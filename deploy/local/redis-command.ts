import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { findProgram } from "./find-program.ts";

/** How a Redis is started that answers on a port of 127.0.0.1. */
export interface RedisCommand {
  readonly program: string;
  readonly args: (port: number, dataDir: string, appendOnly: boolean) => string[];
  /** Time within which it answers, in ms. */
  readonly startTimeoutMs: number;
}

const image = "redis:8-alpine";

/** redis-server or valkey-server from the PATH. */
export async function commandInPath(env: NodeJS.ProcessEnv): Promise<RedisCommand | undefined> {
  const program = await findProgram(["redis-server", "valkey-server"], env.PATH ?? "");
  if (program === undefined) return undefined;
  return {
    program,
    args: (port, dataDir, appendOnly) => serverArgs({ port, bind: "127.0.0.1", dir: dataDir, appendOnly }),
    startTimeoutMs: 20_000,
  };
}

/** Redis in a container, where a Docker engine answers. */
export async function commandInDocker(env: NodeJS.ProcessEnv): Promise<RedisCommand | undefined> {
  const docker = await findProgram(["docker"], env.PATH ?? "");
  if (docker === undefined) return undefined;
  try {
    await promisify(execFile)(docker, ["version", "--format", "{{.Server.Version}}"], { env, timeout: 10_000 });
  } catch {
    return undefined;
  }
  return {
    program: docker,
    // The container ends with `docker run`, which passes SIGTERM on to it; its data goes with it.
    args: (port, _dataDir, appendOnly) => {
      const inside = serverArgs({ port: 6379, bind: "0.0.0.0", dir: "/data", appendOnly });
      const publish = `127.0.0.1:${port}:6379`;
      return ["run", "--rm", "--publish", publish, image, "redis-server", "--protected-mode", "no", ...inside];
    },
    // The image may have to be fetched first.
    startTimeoutMs: 300_000,
  };
}

function serverArgs(server: { port: number; bind: string; dir: string; appendOnly: boolean }): string[] {
  const where = ["--port", String(server.port), "--bind", server.bind, "--dir", server.dir];
  const durability = ["--appendonly", server.appendOnly ? "yes" : "no", "--save", ""];
  // A queue must never lose a key to make room.
  return [...where, ...durability, "--maxmemory-policy", "noeviction"];
}
