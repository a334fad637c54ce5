import type { Logger } from "./logger.ts";
import { SettingsError } from "./settings.ts";

export interface Service {
  readonly log: Logger;
  /** Time that closing may take, in ms, before the process ends without waiting further. */
  readonly shutdownTimeoutMs: number;
  /** Opens everything, in order; what is pushed on the stack is closed newest first. */
  readonly open: (stack: AsyncDisposableStack) => Promise<void>;
}

/**
 * Runs a process: opens the service, waits for SIGTERM or SIGINT, closes in reverse order within the deadline, and exits.
 * A defect that nobody caught closes the same way and exits with 1.
 */
export async function runService(describe: () => Service): Promise<void> {
  let service: Service;
  try {
    service = describe();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
  const { log } = service;
  const stack = new AsyncDisposableStack();
  const stopping = Promise.withResolvers<{ reason: string; exitCode: number; error?: unknown }>();
  const stopOn = (signal: NodeJS.Signals) =>
    process.on(signal, () => stopping.resolve({ reason: signal, exitCode: 0 }));
  stopOn("SIGTERM");
  stopOn("SIGINT");
  process.on("uncaughtException", (error) => stopping.resolve({ reason: "uncaughtException", exitCode: 1, error }));
  process.on("unhandledRejection", (error) => stopping.resolve({ reason: "unhandledRejection", exitCode: 1, error }));

  const opening = service.open(stack).then(
    () => log.info("service opened"),
    (error: unknown) => stopping.resolve({ reason: "opening failed", exitCode: 1, error }),
  );
  const { reason, exitCode, error } = await stopping.promise;
  if (error === undefined) log.info({ reason }, "service closing");
  else log.fatal({ reason, err: error }, "service closing");

  const giveUp = setTimeout(() => {
    log.error({ timeout_ms: service.shutdownTimeoutMs }, "service did not close in time");
    exit(log, 1);
  }, service.shutdownTimeoutMs);
  await opening;
  await stack.disposeAsync().catch((cause: unknown) => log.error({ err: cause }, "closing failed"));
  clearTimeout(giveUp);
  log.info("service closed");
  exit(log, exitCode);
}

function exit(log: Logger, code: number): void {
  log.flush(() => process.exit(code));
}
