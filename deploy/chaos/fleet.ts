import { setTimeout as sleep } from "node:timers/promises";
import { startProcess, workerEntry } from "../local/start-process.ts";
import type { RunningProcess } from "../local/start-process.ts";

export type Role = "gateway" | "worker";

const entries: Readonly<Record<Role, URL>> = {
  // The gateway's own process, which lets the load be several users.
  gateway: new URL("../../gateway/test/gateway-of-users/main.ts", import.meta.url),
  worker: workerEntry,
};
const probeIntervalMs = 150;
const probeTimeoutMs = 500;

/**
 * The processes of a system under test. As a platform does, it routes to the gateways that say they are ready, and
 * learns of it by asking.
 */
export class Fleet implements AsyncDisposable {
  readonly #env: Readonly<Record<string, string>>;
  readonly #running: Record<Role, RunningProcess[]> = { gateway: [], worker: [] };
  readonly #ready = new Set<RunningProcess>();
  readonly #probing = new AbortController();
  #started = 0;

  constructor(env: Readonly<Record<string, string>>) {
    this.#env = env;
    void this.#probe();
  }

  /** Base URLs of the gateways that take requests now. */
  get targets(): readonly string[] {
    return this.#running.gateway.filter((one) => this.#ready.has(one)).map((one) => one.url);
  }

  list(role: Role): readonly RunningProcess[] {
    return [...this.#running[role]];
  }

  /** Starts instances; resolves when they are ready. */
  async add(role: Role, count = 1): Promise<void> {
    const starting = Array.from({ length: count }, async () => {
      this.#started += 1;
      const name = `${role}-${this.#started}`;
      const one = await startProcess({ name, entry: entries[role], env: this.#env });
      this.#running[role].push(one);
      await one.ready();
      if (role === "gateway") this.#ready.add(one);
    });
    await Promise.all(starting);
  }

  /** SIGTERM as from the platform; resolves when the process is gone. */
  async stop(role: Role, one = this.#oldest(role)): Promise<void> {
    await one.stop();
    this.#forget(role, one);
  }

  /** SIGKILL; the router finds out by itself. */
  async kill(role: Role): Promise<void> {
    const one = this.#oldest(role);
    await one.kill();
    this.#forget(role, one);
  }

  /** Stops a process where it stands for a while, as a machine does that is short of CPU. */
  async freeze(role: Role, ms: number): Promise<void> {
    const { pid } = this.#oldest(role);
    process.kill(pid, "SIGSTOP");
    await sleep(ms);
    process.kill(pid, "SIGCONT");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#probing.abort();
    await Promise.all([...this.#running.gateway, ...this.#running.worker].map((one) => one.stop()));
  }

  #oldest(role: Role): RunningProcess {
    const [one] = this.#running[role];
    if (one === undefined) throw new Error(`there is no ${role}`);
    return one;
  }

  #forget(role: Role, one: RunningProcess): void {
    this.#running[role] = this.#running[role].filter((other) => other !== one);
    this.#ready.delete(one);
  }

  async #probe(): Promise<void> {
    while (!this.#probing.signal.aborted) {
      await Promise.all(
        this.#running.gateway.map(async (one) => {
          if (await isReady(one)) this.#ready.add(one);
          else this.#ready.delete(one);
        }),
      );
      await sleep(probeIntervalMs);
    }
  }
}

async function isReady({ url }: RunningProcess): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(probeTimeoutMs);
    const answer = await fetch(`${url}/health/ready`, { headers: { connection: "close" }, signal });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
