import { z } from "zod";
import { keyPrefix } from "./keys.ts";
import { booleanSetting, integerSetting, listSetting } from "./settings.ts";

/** The environment variables that gateway and worker have in common, each with its unit and default. */
export const processSettings = {
  /** Address to listen on. */
  HOST: z.string().default("127.0.0.1"),
  /** redis:// or rediss:// URL; without it the redis-cache binding in VCAP_SERVICES is used. */
  REDIS_URL: z.string().optional(),
  VCAP_SERVICES: z.string().optional(),
  /** Prefix of every key in Redis; its hash tag keeps them in one slot of a cluster. */
  KEY_PREFIX: z.string().min(1).default(keyPrefix),
  /** postgres:// URL; only looked at by the health check. */
  DATABASE_URL: z.string().optional(),
  /** Destination that is used when a call names none. */
  SAP_DESTINATION_NAME: z.string("name the destination of the SAP system").min(1),
  /** All destinations that this process serves, with commas; the default one is always among them. */
  SAP_DESTINATIONS: listSetting.default([]),
  /** Whether data in SAP may be changed. */
  SAP_ALLOW_WRITES: booleanSetting.default(false),
  /** Time limit of one health check, in ms. */
  HEALTH_TIMEOUT_MS: integerSetting(10, 60_000).default(2_000),
  /** Time that closing may take, in ms; Cloud Foundry kills after 10 s. */
  SHUTDOWN_TIMEOUT_MS: integerSetting(100, 600_000).default(9_000),
  /** fatal, error, warn, info, debug, trace or silent. */
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  /** Index of this instance. */
  CF_INSTANCE_INDEX: z.string().default("0"),
};
