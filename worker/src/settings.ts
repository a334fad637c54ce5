import { processSettings } from "@sap-mcp/shared/process-settings.ts";
import { redisTargetFrom } from "@sap-mcp/shared/redis-connection.ts";
import type { RedisSettings } from "@sap-mcp/shared/redis-connection.ts";
import { booleanSetting, integerSetting, listSetting } from "@sap-mcp/shared/settings.ts";
import { z } from "zod";
import { destinationLimitsSchema } from "./jobs/lane-limits.ts";
import type { DestinationLimits } from "./jobs/lane-limits.ts";
import { parseManualServices } from "./odata/manual-services.ts";
import { parseServicePattern } from "./odata/service-pattern.ts";

const patternsSetting = listSetting.superRefine((patterns, context) => {
  for (const pattern of patterns) {
    const parsed = parseServicePattern(pattern);
    if (typeof parsed === "string") context.addIssue({ code: "custom", message: `${pattern}: ${parsed}` });
  }
});

function parseLimits(text: string, context: z.RefinementCtx): DestinationLimits {
  const parsed = destinationLimitsSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  context.addIssue(`must be JSON like {"S4":{"concurrency":20,"perSecond":100}}. ${z.prettifyError(parsed.error)}`);
  return z.NEVER;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The worker's environment variables, each with its unit and default. The Cloud SDK reads `destinations` itself. */
export const workerSettingsSchema = z
  .object({
    ...processSettings,
    /** Port of the health endpoint; 0 takes a free one. */
    PORT: integerSetting(0, 65_535).default(8081),
    /** Calls of one destination that this worker runs at once. */
    WORKER_CONCURRENCY: integerSetting(1, 1_000).default(10),
    /**
     * What the whole fleet may ask of each destination, as JSON: {"S4":{"concurrency":20,"perSecond":100},"*":{…}}.
     * A quarter, at least one call at once, is kept for writes; without an entry there is no limit but WORKER_CONCURRENCY.
     */
    SAP_LIMITS: z.string().default("{}").transform(parseLimits),
    /** Time over which failures of a destination are counted over the whole fleet, in seconds. */
    BREAKER_WINDOW_S: integerSetting(1, 3_600).default(30),
    /** Calls of a destination within that time below which its circuit stays closed. */
    BREAKER_MIN_CALLS: integerSetting(1, 1_000_000).default(10),
    /** Share of failed calls that opens the circuit, in percent; above 100 it never opens. */
    BREAKER_FAILURE_PERCENT: integerSetting(1, 101).default(50),
    /** Time between two calls that are let through while the circuit is open, in ms. */
    BREAKER_TRIAL_MS: integerSetting(100, 600_000).default(5_000),
    /** Whether this worker takes no job until its release is live: for the new workers of a blue-green deployment. */
    WORKER_IDLE: booleanSetting.default(false),
    /** Name of this release; `go-live` marks it as live. */
    RELEASE: z.string().default(""),
    /** Connections kept and allowed per destination, tenant and user. */
    SAP_POOL_MIN: integerSetting(0, 1_000).default(2),
    SAP_POOL_MAX: integerSetting(1, 1_000).default(10),
    /** Time after which an unused connection is closed, in ms. */
    SAP_POOL_IDLE_MS: integerSetting(100, 3_600_000).default(30_000),
    /** Longest wait for a connection, in ms. */
    SAP_POOL_ACQUIRE_MS: integerSetting(10, 3_600_000).default(60_000),
    /** Services that may be seen and used: globs or /regular expressions/, with commas or as a JSON array. */
    ODATA_INCLUDE_PATTERNS: patternsSetting.default([]),
    ODATA_EXCLUDE_PATTERNS: patternsSetting.default([]),
    /** Ignore both patterns. */
    ODATA_ALLOW_ALL: booleanSetting.default(false),
    /** Most services of a catalog that are looked at. */
    ODATA_MAX_SERVICES: integerSetting(1, 100_000).default(5_000),
    /** Services of systems without a catalog: paths with commas, or JSON by destination. */
    ODATA_SERVICES: z
      .string()
      .default("")
      .transform((text, context) => {
        const services = parseManualServices(text);
        if (typeof services !== "string") return services;
        context.addIssue(services);
        return z.NEVER;
      }),
    /** JSON file with notes on services: [{ "pattern": "API_SALES*", "note": "…", "entitySet": "A_SalesOrder" }]. */
    HINTS_FILE: z.string().optional(),
    /** Time for which a catalog and a $metadata document are kept, in seconds. */
    CATALOG_TTL_S: integerSetting(0, 86_400).default(300),
    METADATA_TTL_S: integerSetting(0, 604_800).default(3_600),
    /** Longest answer of SAP that is read, in bytes. */
    SAP_MAX_ANSWER_BYTES: integerSetting(1_024, 256 * 1_048_576).default(16 * 1_048_576),
    /** Most pages of SAP, rows and bytes that one read brings, and the time after which it begins no further page, in ms. */
    READ_MAX_PAGES: integerSetting(1, 10_000).default(50),
    READ_MAX_ROWS: integerSetting(1, 1_000_000).default(10_000),
    READ_MAX_BYTES: integerSetting(1_024, 256 * 1_048_576).default(8 * 1_048_576),
    READ_TIME_BUDGET_MS: integerSetting(1, 3_600_000).default(20_000),
    /** Longest list of rows in one answer, in characters (about four to a token); the rest is parked and served by cursor. */
    ANSWER_MAX_CHARS: integerSetting(1_000, 16_000_000).default(50_000),
    /** Time for which parked rows are kept, in seconds. */
    CURSOR_TTL_S: integerSetting(1, 86_400).default(900),
    /** Longest result that is sent to a client, in bytes. */
    MAX_RESULT_BYTES: integerSetting(1_024, 64 * 1_048_576).default(1_048_576),
    /** Time for which a repeat of a write under its idempotency key gets the kept result, in seconds; longer than any call. */
    IDEMPOTENCY_TTL_S: integerSetting(3_600, 2_592_000).default(86_400),
    /** How often a read is tried that SAP did not take, within its deadline. */
    READ_ATTEMPTS: integerSetting(1, 10).default(3),
    /** Time between two looks at each destination, in ms. */
    PROBE_INTERVAL_MS: integerSetting(1_000, 3_600_000).default(20_000),
  })
  .refine((settings) => typeof redisTargetFrom(settings) !== "string", {
    path: ["REDIS_URL"],
    error: ({ input }) => redisTargetFrom(input as RedisSettings) as string,
    // Also when other variables are wrong, so that one start names all of them.
    when: () => true,
  })
  .transform((settings, context) => {
    const redis = redisTargetFrom(settings);
    if (typeof redis === "string") return z.NEVER;
    if (settings.SAP_POOL_MIN > settings.SAP_POOL_MAX) {
      context.addIssue({ code: "custom", path: ["SAP_POOL_MIN"], message: "must not be above SAP_POOL_MAX" });
      return z.NEVER;
    }
    if (settings.SAP_ALLOW_WRITES && Object.values(settings.SAP_LIMITS).some((limit) => limit.concurrency === 1)) {
      const message = "a concurrency of 1 leaves nothing for writes; give 2, or set SAP_ALLOW_WRITES=false";
      context.addIssue({ code: "custom", path: ["SAP_LIMITS"], message });
      return z.NEVER;
    }
    if (settings.WORKER_IDLE && settings.RELEASE === "") {
      context.addIssue({ code: "custom", path: ["RELEASE"], message: "name the release that WORKER_IDLE waits for" });
      return z.NEVER;
    }
    const destinations = [...new Set([settings.SAP_DESTINATION_NAME, ...settings.SAP_DESTINATIONS])];
    return { ...settings, redis, destinations };
  });

export type WorkerSettings = z.output<typeof workerSettingsSchema>;
