import { describeSystem } from "./describe-system.ts";
import { formatLogLine } from "./format-log-line.ts";
import { openLocalSystem } from "./open-local-system.ts";
import { parseStartOptions, startHelp } from "./parse-start-options.ts";
import type { StartOptions } from "./parse-start-options.ts";

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stopping.abort());
// A terminal that was closed takes no more lines, and everything has to be stopped all the same.
process.stdout.on("error", () => stopping.abort());

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  let options: StartOptions;
  try {
    options = parseStartOptions(args);
  } catch (error) {
    console.error(`${messageOf(error)}\n\n${startHelp}`);
    return 2;
  }
  if (options.help) {
    console.log(startHelp);
    return 0;
  }
  try {
    await run(options);
  } catch (error) {
    // Whoever pressed Ctrl-C wanted this end.
    if (!stopping.signal.aborted) {
      console.error(`> ${explain(error, options)}`);
      return 1;
    }
  }
  console.log("> Everything is stopped");
  return 0;
}

async function run(options: StartOptions): Promise<void> {
  await using system = await openLocalSystem(options, {
    report: (event) => console.log(`> ${event}`),
    onLine: (name, line) => console.log(`${name.padEnd(10)} ${options.verbose ? line : formatLogLine(line)}`),
    signal: stopping.signal,
  });
  console.log(describeSystem(system.url));
  await system.failed.finally(() => console.log("> Stopping"));
}

function explain(error: unknown, { port }: StartOptions): string {
  if ((error as NodeJS.ErrnoException).code === "EADDRINUSE")
    return `Port ${port} is taken; choose another with --port`;
  return messageOf(error);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
