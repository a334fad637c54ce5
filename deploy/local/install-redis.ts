import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { findProgram } from "./find-program.ts";
import { commandInPath } from "./redis-command.ts";
import type { RedisCommand } from "./redis-command.ts";

interface PackageManager {
  readonly name: string;
  readonly asRoot: boolean;
  readonly prepare?: readonly string[];
  readonly install: readonly string[];
  /** What Redis is called there, the likeliest first. */
  readonly packages: readonly string[];
}

const packageManagers: readonly PackageManager[] = [
  {
    name: "apt-get",
    asRoot: true,
    prepare: ["update"],
    install: ["install", "--yes", "--no-install-recommends"],
    packages: ["redis-server", "valkey-server"],
  },
  { name: "dnf", asRoot: true, install: ["install", "--assumeyes"], packages: ["redis", "valkey"] },
  { name: "apk", asRoot: true, install: ["add", "--no-cache"], packages: ["redis", "valkey"] },
  { name: "brew", asRoot: false, install: ["install"], packages: ["redis", "valkey"] },
];

const run = promisify(execFile);
const installTimeoutMs = 600_000;

export interface InstallOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly report: (step: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Installs Redis through the system's package manager, where that is possible without a password. */
export async function installRedis({ env, report, signal }: InstallOptions): Promise<RedisCommand | undefined> {
  const found = await findPackageManager(env);
  if (found === undefined) return undefined;
  const { manager, program, args: prefix } = found;
  const execute = async (args: readonly string[]) => {
    try {
      const options = { env: { ...env, DEBIAN_FRONTEND: "noninteractive" }, timeout: installTimeoutMs, signal };
      await run(program, [...prefix, ...args], options);
    } catch (error) {
      signal?.throwIfAborted();
      report(`${manager.name} ${args.join(" ")} failed: ${lastLineOf(error)}`);
    }
  };

  report(`Redis is not installed; installing it with ${manager.name} (may take a minute)`);
  if (manager.prepare !== undefined) await execute(manager.prepare);
  for (const name of manager.packages) {
    await execute([...manager.install, name]);
    const command = await commandInPath(env);
    if (command !== undefined) return command;
  }
  return undefined;
}

async function findPackageManager(env: NodeJS.ProcessEnv) {
  for (const manager of packageManagers) {
    const program = await findProgram([manager.name], env.PATH ?? "");
    if (program === undefined) continue;
    if (!manager.asRoot || process.getuid?.() === 0) return { manager, program, args: [] };
    const sudo = await findProgram(["sudo"], env.PATH ?? "");
    if (sudo !== undefined && (await isPasswordless(sudo, env))) {
      return { manager, program: sudo, args: ["--non-interactive", program] };
    }
  }
  return undefined;
}

function isPasswordless(sudo: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  return run(sudo, ["--non-interactive", "true"], { env, timeout: 10_000 }).then(
    () => true,
    () => false,
  );
}

function lastLineOf(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  return (stderr?.trim() || message).split("\n").at(-1) ?? message;
}
