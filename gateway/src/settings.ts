import { integerSetting, listSetting } from "@sap-mcp/shared/settings.ts";
import { processSettings } from "@sap-mcp/shared/process-settings.ts";
import { redisTargetFrom } from "@sap-mcp/shared/redis-connection.ts";
import type { RedisSettings } from "@sap-mcp/shared/redis-connection.ts";
import { z } from "zod";

const loopback = ["127.0.0.1", "::1", "localhost"];

/** The gateway's environment variables, each with its unit and default. */
export const gatewaySettingsSchema = z
  .object({
    ...processSettings,
    /** Port to listen on; 0 takes a free one. */
    PORT: integerSetting(0, 65_535).default(8080),
    /** Operations (create, update, replace, delete) and functions that need the user's consent, with commas; or `none`. */
    CONFIRM: listSetting.default(["delete"]).transform((names) => names.filter((name) => name !== "none")),
    /** Secret of 32 characters or more that signs questions to the user, the same on all gateways; without it they share one in Redis. */
    STATE_KEY: z.string().min(32, "must have 32 characters or more").optional(),
    /**
     * How tools are cut: `hierarchical` (search, discover, schema, execute), `single` (one tool for all), `flat` (tools
     * for each entity set of FLAT_SERVICES), `upstream` (the names and arguments of btp-sap-odata-to-mcp-server).
     */
    TOOL_MODE: z.enum(["hierarchical", "single", "flat", "upstream"]).default("hierarchical"),
    /** Ids of the services whose entity sets get tools of their own in the mode `flat`, with commas. */
    FLAT_SERVICES: listSetting.default([]),
    /** Most tools of the mode `flat`. */
    FLAT_MAX_TOOLS: integerSetting(1, 1_000).default(100),
    /** How callers are identified; `none` serves the loopback address only. */
    AUTH_MODE: z.enum(["none"]).default("none"),
    /** Host names that requests may be addressed to, with commas; the loopback names by default. */
    ALLOWED_HOSTS: listSetting.default(["127.0.0.1", "localhost", "[::1]"]),
    /** Origins of browsers that may call, as host names with commas; the loopback names by default. */
    ALLOWED_ORIGINS: listSetting.default(["127.0.0.1", "localhost", "[::1]"]),
    /** Longest request body, in bytes. */
    MAX_BODY_BYTES: integerSetting(1_024, 64 * 1_048_576).default(4 * 1_048_576),
    /** Time within which a call is answered or fails, in ms. */
    CALL_TIMEOUT_MS: integerSetting(100, 3_600_000).default(60_000),
    /** Requests that one user, and all users of one tenant, may send per minute over all gateways; 0 for any number. */
    RATE_PER_USER_PER_MINUTE: integerSetting(0, 10_000_000).default(0),
    RATE_PER_TENANT_PER_MINUTE: integerSetting(0, 10_000_000).default(0),
    /** Calls that may wait for one destination, over all gateways, before new ones are refused; reads and writes apart. */
    MAX_BACKLOG: integerSetting(1, 10_000_000).default(2_000),
    /** Time after which a waiting call keeps its connection alive with a stream, in ms. */
    KEEP_ALIVE_AFTER_MS: integerSetting(10, 60_000).default(5_000),
    /** Time after which a call becomes a task for a client that declared the tasks extension, in ms. */
    TASK_AFTER_MS: integerSetting(10, 600_000).default(10_000),
    /** Time for which a task is kept after the deadline of its call, in seconds. */
    TASK_TTL_S: integerSetting(1, 604_800).default(900),
    /** Life of an idle 2025-era session, in seconds. */
    SESSION_TTL_S: integerSetting(1, 604_800).default(86_400),
    /** 2025-era sessions that one user may hold; the least recently used one gives way. */
    MAX_SESSIONS_PER_USER: integerSetting(1, 100_000).default(100),
    /** Time for which a stopping gateway still takes requests, until routers have noticed that it is not ready, in ms. */
    DRAIN_DELAY_MS: integerSetting(0, 60_000).default(1_000),
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
    if (settings.AUTH_MODE === "none" && !loopback.includes(settings.HOST)) {
      context.addIssue({
        code: "custom",
        path: ["AUTH_MODE"],
        message: `none lets everybody in, so it is refused with HOST=${settings.HOST}; listen on 127.0.0.1`,
      });
      return z.NEVER;
    }
    if (settings.TOOL_MODE === "flat" && settings.FLAT_SERVICES.length === 0) {
      context.addIssue({ code: "custom", path: ["FLAT_SERVICES"], message: "name the services of the mode flat" });
      return z.NEVER;
    }
    const destinations = [...new Set([settings.SAP_DESTINATION_NAME, ...settings.SAP_DESTINATIONS])];
    return { ...settings, redis, destinations };
  });

export type GatewaySettings = z.output<typeof gatewaySettingsSchema>;
