import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";

export interface ChildOptions {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** All of the child's environment; nothing is inherited. */
  readonly env: NodeJS.ProcessEnv;
  /** Gets each line of standard output and standard error. */
  readonly onLine?: ((line: string) => void) | undefined;
}

/** A child process that ends with its owner at the latest. */
export interface Child extends AsyncDisposable {
  readonly name: string;
  readonly pid: number;
  /** Resolves when the process is gone, with how it ended: `code 1`, `SIGKILL`. */
  readonly exited: Promise<string>;
  /** How it ended, or undefined while it runs. */
  readonly ended: () => string | undefined;
  /** What it wrote last, for the message that says why it ended. */
  readonly lastLines: () => readonly string[];
  /** Sends SIGTERM, and SIGKILL when that did not help within the grace; resolves when the process is gone. */
  readonly stop: (graceMs?: number) => Promise<void>;
  /** Sends SIGKILL; resolves when the process is gone. */
  readonly kill: () => Promise<void>;
}

const keptLines = 20;
const running = new Set<() => void>();

/** @throws when the program cannot be started. */
export async function spawnChild({ name, program, args, env, onLine }: ChildOptions): Promise<Child> {
  // In a process group of its own, the child does not hear the terminal's Ctrl-C: its owner decides when it stops.
  const child = spawn(program, args, { env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
      onLine?.(line);
    });
  }
  let ended: string | undefined;
  const exited = new Promise<string>((resolve) => {
    child.once("close", (code, signal) => {
      ended = signal ?? `code ${code}`;
      running.delete(killNow);
      if (running.size === 0) process.off("exit", killAll);
      resolve(ended);
    });
  });
  const killNow = () => void child.kill("SIGKILL");
  await once(child, "spawn");
  if (running.size === 0) process.on("exit", killAll);
  running.add(killNow);

  const kill = async () => {
    killNow();
    await exited;
  };
  const stop = async (graceMs = 15_000) => {
    child.kill("SIGTERM");
    const patience = new AbortController();
    const late = setTimeout(graceMs, "late", { signal: patience.signal }).catch(() => "stopped");
    if ((await Promise.race([exited, late])) === "late") killNow();
    patience.abort();
    await exited;
  };
  return {
    name,
    pid: child.pid as number,
    exited,
    ended: () => ended,
    lastLines: () => lines,
    stop,
    kill,
    [Symbol.asyncDispose]: () => stop(),
  };
}

function killAll(): void {
  for (const killNow of running) killNow();
}
