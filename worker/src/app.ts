import { readFile } from "node:fs/promises";
import { databaseCheck } from "@sap-mcp/shared/check-database.ts";
import { redisCheck } from "@sap-mcp/shared/check-redis.ts";
import type { Logger } from "@sap-mcp/shared/logger.ts";
import { openRedis } from "@sap-mcp/shared/redis-connection.ts";
import packageJson from "../package.json" with { type: "json" };
import { openHealthServer } from "./health-server.ts";
import { openDestinationReporter } from "./jobs/destination-reporter.ts";
import { guardHandlers } from "./jobs/guard-handlers.ts";
import type { JobHandler } from "./jobs/job-handler.ts";
import { markLive, openLiveGate } from "./jobs/live-gate.ts";
import { openJobWorkers } from "./jobs/open-job-workers.ts";
import { createRedisStore } from "./jobs/redis-store.ts";
import { sapHandlers } from "./jobs/sap-handlers.ts";
import { parseHints } from "./odata/service-hints.ts";
import type { ServiceHint } from "./odata/service-hints.ts";
import { openSapSystem } from "./sap/open-sap-system.ts";
import type { WorkerSettings } from "./settings.ts";

/** What distinguishes one worker program from another. */
export interface AppParts {
  readonly settings: WorkerSettings;
  readonly log: Logger;
  /** Handlers besides those of the product. */
  readonly handlers?: readonly JobHandler[];
}

/** Opens a worker: connections, SAP system, health endpoint and queues; the stack closes them in reverse. */
export async function openApp(stack: AsyncDisposableStack, { settings, log, handlers = [] }: AppParts): Promise<void> {
  const prefix = settings.KEY_PREFIX;
  const connection = openRedis(stack, settings.redis, { name: "worker-jobs", patience: "wait", log });
  const subscriber = openRedis(stack, settings.redis, { name: "worker-cancellations", patience: "wait", log });
  const sap = stack.adopt(
    openSapSystem(
      {
        destinations: settings.destinations,
        allowWrites: settings.SAP_ALLOW_WRITES,
        includePatterns: settings.ODATA_INCLUDE_PATTERNS,
        excludePatterns: settings.ODATA_EXCLUDE_PATTERNS,
        allowAll: settings.ODATA_ALLOW_ALL,
        maxServices: settings.ODATA_MAX_SERVICES,
        pool: {
          min: settings.SAP_POOL_MIN,
          max: settings.SAP_POOL_MAX,
          idleTimeoutMs: settings.SAP_POOL_IDLE_MS,
          acquireTimeoutMs: settings.SAP_POOL_ACQUIRE_MS,
        },
        catalogTtlMs: settings.CATALOG_TTL_S * 1_000,
        metadataTtlMs: settings.METADATA_TTL_S * 1_000,
        maxAnswerBytes: settings.SAP_MAX_ANSWER_BYTES,
        read: {
          maxPages: settings.READ_MAX_PAGES,
          maxRows: settings.READ_MAX_ROWS,
          maxBytes: settings.READ_MAX_BYTES,
          timeBudgetMs: settings.READ_TIME_BUDGET_MS,
          maxChars: settings.ANSWER_MAX_CHARS,
          cursorTtlMs: settings.CURSOR_TTL_S * 1_000,
        },
        hints: await readHints(settings.HINTS_FILE),
        manualServices: settings.ODATA_SERVICES,
      },
      createRedisStore(connection, prefix),
    ),
    (it) => it.close(),
  );
  const sapDestinations = openDestinationReporter(stack, {
    redis: connection,
    prefix,
    destinations: settings.destinations,
    intervalMs: settings.PROBE_INTERVAL_MS,
    log,
  });
  let draining = false;
  const { port } = await openHealthServer(stack, {
    host: settings.HOST,
    port: settings.PORT,
    subject: {
      instance: settings.CF_INSTANCE_INDEX,
      version: packageJson.version,
      checkTimeoutMs: settings.HEALTH_TIMEOUT_MS,
      checks: { database: databaseCheck(settings.DATABASE_URL), redis: redisCheck(connection), sapDestinations },
    },
    isReady: () => !draining && connection.status === "ready",
  });
  const guarded = guardHandlers(sapHandlers(sap), {
    redis: connection,
    prefix,
    destinations: settings.destinations,
    settings: {
      windowMs: settings.BREAKER_WINDOW_S * 1_000,
      minCalls: settings.BREAKER_MIN_CALLS,
      failureShare: settings.BREAKER_FAILURE_PERCENT / 100,
      trialIntervalMs: settings.BREAKER_TRIAL_MS,
    },
    log,
  });
  const jobs = openJobWorkers(stack, {
    connection,
    subscriber,
    prefix,
    destinations: settings.destinations,
    handlers: [...guarded, ...handlers],
    concurrency: settings.WORKER_CONCURRENCY,
    maxResultBytes: settings.MAX_RESULT_BYTES,
    idempotencyTtlS: settings.IDEMPOTENCY_TTL_S,
    readAttempts: settings.READ_ATTEMPTS,
    limits: { limits: settings.SAP_LIMITS, allowWrites: settings.SAP_ALLOW_WRITES },
    // The rest is for handing back and for closing the pools.
    graceMs: settings.SHUTDOWN_TIMEOUT_MS * 0.7,
    idle: settings.WORKER_IDLE,
    log,
  });
  if (settings.WORKER_IDLE) {
    openLiveGate(stack, { redis: connection, prefix, release: settings.RELEASE, onLive: jobs.start, log });
  }
  stack.defer(() => {
    draining = true;
  });
  log.info({ url: `http://${settings.HOST}:${port}`, destinations: settings.destinations }, "worker consuming");
}

/** Marks this release as live, for a task that a blue-green deployment runs before it stops the old workers. */
export async function goLive({ settings, log }: AppParts): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const redis = openRedis(stack, settings.redis, { name: "worker-go-live", patience: "wait", log });
  await markLive(redis, settings.KEY_PREFIX, settings.RELEASE);
  log.info({ release: settings.RELEASE }, "release marked as live");
}

async function readHints(file: string | undefined): Promise<ServiceHint[]> {
  if (file === undefined) return [];
  const hints = parseHints(await readFile(file, "utf8"));
  if (typeof hints === "string") throw new Error(`HINTS_FILE ${file}: ${hints}`);
  return hints;
}
