import { installRedis } from "./install-redis.ts";
import { commandInDocker, commandInPath } from "./redis-command.ts";
import { startRedis } from "./start-redis.ts";
import type { RedisServer } from "./start-redis.ts";

export interface RedisWishes {
  /** Where REDIS_URL and PATH are looked up; what is started gets it whole. */
  readonly env: NodeJS.ProcessEnv;
  /** Writes every command to disk, as production does; without it nothing is kept. */
  readonly appendOnly: boolean;
  /** Told in one sentence about each step. */
  readonly report: (step: string) => void;
  readonly signal?: AbortSignal;
}

const advice = `There is no Redis, and none could be installed. Do one of these and try again:
  - install redis-server or valkey-server with your system's package manager,
  - start Docker,
  - set REDIS_URL, e.g. REDIS_URL=redis://127.0.0.1:6379`;

/**
 * A Redis to work with: the one that REDIS_URL names, which outlives the caller; else one that is started here,
 * with redis-server or valkey-server from the PATH, from the system's packages, or from Docker.
 * @throws Error that says what to do when none can be had.
 */
export async function provideRedis(wishes: RedisWishes): Promise<RedisServer> {
  const { env, report } = wishes;
  if (env.REDIS_URL !== undefined && env.REDIS_URL !== "") {
    report("Using the Redis that REDIS_URL names");
    const keep = () => Promise.resolve();
    return { url: env.REDIS_URL, exited: new Promise(() => {}), stop: keep, [Symbol.asyncDispose]: keep };
  }
  const command = (await commandInPath(env)) ?? (await installRedis(wishes)) ?? (await commandInDocker(env));
  if (command === undefined) throw new Error(advice);
  report(`Starting Redis with ${command.program}`);
  return startRedis(command, wishes);
}
