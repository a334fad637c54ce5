import pino from "pino";
import type { DestinationStream, Logger as PinoLogger } from "pino";

export type Logger = PinoLogger;

/** What must never reach a log, wherever it stands: one list for the whole product. */
const secrets = [
  "authorization",
  "Authorization",
  "cookie",
  "Cookie",
  "password",
  "clientsecret",
  "client_secret",
  "access_token",
  "refresh_token",
  "token",
  "csrfToken",
];

export interface LoggerOptions {
  /** `gateway`, `worker`, … */
  readonly component: string;
  readonly level: string;
  /** CF_INSTANCE_INDEX or the like. */
  readonly instance: string;
  /** Where the lines go; standard output when absent. */
  readonly stream?: DestinationStream;
}

/** JSON lines with the field names of cf-nodejs-logging-support, so that SAP Cloud Logging shows them without a mapping. */
export function createLogger(options: LoggerOptions): Logger {
  return pino(
    {
      level: options.level,
      base: {
        type: "log",
        component_type: "application",
        component_name: options.component,
        component_instance: options.instance,
      },
      timestamp: () => `,"written_at":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
        censor: "[redacted]",
      },
    },
    options.stream ?? pino.destination({ dest: 1, sync: false }),
  );
}
