import { Cluster, Redis } from "ioredis";
import type { RedisOptions } from "ioredis";
import { z } from "zod";
import type { Logger } from "./logger.ts";

export type RedisConnection = Redis | Cluster;

/** Where Redis is and how to reach it; made from settings by `redisTargetFrom`. */
export interface RedisTarget {
  readonly options: Pick<RedisOptions, "host" | "port" | "db" | "username" | "password" | "tls">;
  readonly cluster: boolean;
}

export interface RedisSettings {
  readonly REDIS_URL?: string | undefined;
  readonly VCAP_SERVICES?: string | undefined;
}

const maybeTrue = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]);

/** Credentials of a `redis-cache` binding on SAP BTP. */
const credentialsSchema = z.object({
  hostname: z.string(),
  port: z.coerce.number(),
  password: z.string().optional(),
  username: z.string().optional(),
  tls: z.preprocess(parseIfJson, z.union([maybeTrue, z.object({ server_ca: z.string().optional() })])).default(true),
  cluster_mode: maybeTrue.default(false),
});

/** The target in REDIS_URL, else in the first `redis-cache` binding of VCAP_SERVICES; a string says what is wrong. */
export function redisTargetFrom(settings: RedisSettings): RedisTarget | string {
  if (settings.REDIS_URL !== undefined) return targetOfUrl(settings.REDIS_URL);
  if (settings.VCAP_SERVICES === undefined)
    return "set REDIS_URL, e.g. redis://127.0.0.1:6379, or bind a redis-cache service";
  const services = parseIfJson(settings.VCAP_SERVICES) as Record<string, { credentials?: unknown }[]> | string;
  if (typeof services === "string") return "VCAP_SERVICES is not JSON";
  const binding = services["redis-cache"]?.[0];
  if (binding === undefined) return "VCAP_SERVICES has no redis-cache binding, and REDIS_URL is not set";
  const parsed = credentialsSchema.safeParse(binding.credentials);
  if (!parsed.success) return `the redis-cache binding is incomplete: ${z.prettifyError(parsed.error)}`;
  const { hostname, port, password, username, tls, cluster_mode: cluster } = parsed.data;
  const ca = typeof tls === "object" ? tls.server_ca : undefined;
  return {
    cluster,
    options: {
      host: hostname,
      port,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      ...(tls !== false && { tls: ca === undefined ? {} : { ca } }),
    },
  };
}

function targetOfUrl(text: string): RedisTarget | string {
  if (!URL.canParse(text)) return "REDIS_URL must look like redis://host:6379 or rediss://host:6380";
  const url = new URL(text);
  if (url.protocol !== "redis:" && url.protocol !== "rediss:") return "REDIS_URL must begin with redis:// or rediss://";
  const db = url.pathname.length > 1 ? Number(url.pathname.slice(1)) : 0;
  if (!Number.isInteger(db)) return "REDIS_URL must end with the number of a database or with none";
  return {
    cluster: false,
    options: {
      host: url.hostname.replace(/^\[|\]$/g, ""),
      port: url.port === "" ? 6379 : Number(url.port),
      db,
      ...(url.username !== "" && { username: decodeURIComponent(url.username) }),
      ...(url.password !== "" && { password: decodeURIComponent(url.password) }),
      ...(url.protocol === "rediss:" && { tls: {} }),
    },
  };
}

/**
 * How commands of a connection behave while Redis is away: `fail-fast` rejects them at once,
 * `wait` keeps them until Redis is back, which blocking reads need.
 */
export type RedisPatience = "fail-fast" | "wait";

/** Opens a connection that reconnects for ever; the stack closes it. */
export function openRedis(
  stack: AsyncDisposableStack,
  target: RedisTarget,
  options: { readonly name: string; readonly patience: RedisPatience; readonly log: Logger },
): RedisConnection {
  const { name, log } = options;
  const connection = connect(target, name, options.patience);
  // Without a listener an error would end the process.
  connection.on("error", (error: Error) => log.warn({ err: error, connection: name }, "redis connection failed"));
  return stack.adopt(connection, (it) => it.disconnect());
}

function connect(target: RedisTarget, name: string, patience: RedisPatience): RedisConnection {
  const patient = patience === "wait";
  const retryStrategy = (attempt: number) => Math.min(100 * attempt, 1_000);
  const common = {
    connectionName: name,
    connectTimeout: 5_000,
    keepAlive: 10_000,
    protocol: 2,
    maxRetriesPerRequest: patient ? null : 0,
  } as const;
  if (!target.cluster) return new Redis({ ...target.options, ...common, retryStrategy, enableOfflineQueue: patient });
  const { host = "127.0.0.1", port = 6379, ...credentials } = target.options;
  return new Cluster([{ host, port }], {
    redisOptions: { ...credentials, ...common },
    // The nodes of a managed cluster answer under names that only TLS with these names accepts.
    dnsLookup: (address, callback) => callback(null, address),
    clusterRetryStrategy: retryStrategy,
    enableOfflineQueue: patient,
  });
}

function parseIfJson(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
