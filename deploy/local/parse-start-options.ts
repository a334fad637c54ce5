import { parseArgs } from "node:util";

export interface StartOptions {
  readonly gateways: number;
  readonly workers: number;
  /** Where the router listens; 0 takes a free port. */
  readonly port: number;
  /** Shows log records as they are written, and all of them. */
  readonly verbose: boolean;
  readonly help: boolean;
}

export const startHelp = `The whole system on one machine, with a sandbox SAP system.

  npm start -- [options]

  --gateways <1-16>   gateway processes (default 1)
  --workers <1-16>    worker processes (default 2)
  --port <0-65535>    port of the MCP URL (default 8080; 0 takes a free one)
  --verbose           log records as JSON, debug level and up
  --help              this text

REDIS_URL names a Redis to use; without it one is started here.`;

/** @throws Error that names the option that is wrong. */
export function parseStartOptions(args: readonly string[]): StartOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      gateways: { type: "string", default: "1" },
      workers: { type: "string", default: "2" },
      port: { type: "string", default: "8080" },
      verbose: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  return {
    gateways: parseCount("--gateways", values.gateways, [1, 16]),
    workers: parseCount("--workers", values.workers, [1, 16]),
    port: parseCount("--port", values.port, [0, 65_535]),
    verbose: values.verbose,
    help: values.help,
  };
}

function parseCount(option: string, text: string, [least, most]: readonly [number, number]): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`${option} must be a whole number from ${least} to ${most}, not "${text}"`);
}
