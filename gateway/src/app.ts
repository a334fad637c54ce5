import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { databaseCheck } from "@sap-mcp/shared/check-database.ts";
import { redisCheck } from "@sap-mcp/shared/check-redis.ts";
import type { HealthSubject } from "@sap-mcp/shared/health.ts";
import type { Logger } from "@sap-mcp/shared/logger.ts";
import { openRedis } from "@sap-mcp/shared/redis-connection.ts";
import type { RedisConnection, RedisPatience } from "@sap-mcp/shared/redis-connection.ts";
import express from "express";
import packageJson from "../package.json" with { type: "json" };
import type { Authenticate } from "./http/authenticate.ts";
import { guardHost } from "./http/guard-host.ts";
import { healthRoutes } from "./http/health-routes.ts";
import { mcpRoutes } from "./http/mcp-routes.ts";
import { createRateLimits } from "./http/rate-limits.ts";
import { destinationsCheck } from "./jobs/destinations-check.ts";
import { openCallClient } from "./jobs/open-call-client.ts";
import { createConfirmation } from "./mcp/confirmation/confirmation.ts";
import { provideStateKey } from "./mcp/confirmation/state-key.ts";
import { prepareServer } from "./mcp/create-server.ts";
import type { McpServerDescription } from "./mcp/create-server.ts";
import { createLegacyEndpoint } from "./mcp/legacy/legacy-endpoint.ts";
import { createRedisChannels } from "./mcp/legacy/redis-channels.ts";
import { createSessionEvents } from "./mcp/legacy/session-events.ts";
import { createSessionStore } from "./mcp/legacy/session-store.ts";
import { createMcpEndpoint } from "./mcp/mcp-endpoint.ts";
import { listenToTasks } from "./mcp/tasks/listen-to-tasks.ts";
import { createTaskStore } from "./mcp/tasks/task-store.ts";
import type { SapAccess } from "./mcp/call-sap.ts";
import type { GatewaySettings } from "./settings.ts";

/** Time for the last answers to reach their clients, in ms. */
const lastWordsMs = 500;

/** What distinguishes one gateway program from another. */
export interface AppParts {
  readonly settings: GatewaySettings;
  readonly log: Logger;
  readonly authenticate: Authenticate;
  /** What the MCP server offers, given the way to make calls. */
  readonly describe: (access: SapAccess) => Omit<McpServerDescription, "version">;
}

/** Opens a gateway: connections, call client, MCP endpoint and HTTP server; the stack closes them in reverse. */
export async function openApp(stack: AsyncDisposableStack, parts: AppParts): Promise<{ readonly url: string }> {
  const { settings, log } = parts;
  const gatewayId = randomUUID();
  const prefix = settings.KEY_PREFIX;
  const connect = (name: string, patience: RedisPatience) =>
    openRedis(stack, settings.redis, { name: `gateway-${name}`, patience, log });
  const commands = connect("commands", "fail-fast");
  const calls = openCallClient(stack, {
    gatewayId,
    commands,
    queueing: connect("queues", "wait"),
    reader: connect("replies", "wait"),
    prefix,
    destinations: settings.destinations,
    maxBacklog: settings.MAX_BACKLOG,
    log,
  });
  const channels = createRedisChannels(connect("channels", "wait"), commands);
  const confirmation = createConfirmation({
    names: settings.SAP_ALLOW_WRITES ? settings.CONFIRM : [],
    provideKey: provideStateKey(settings.STATE_KEY, commands, prefix),
  });
  const createMcpServer = prepareServer({
    version: packageJson.version,
    requestState: confirmation.requestState,
    ...parts.describe({
      calls,
      destinations: settings.destinations,
      defaultDestination: settings.SAP_DESTINATION_NAME,
      allowWrites: settings.SAP_ALLOW_WRITES,
      timeoutMs: settings.CALL_TIMEOUT_MS,
      tasks: {
        store: createTaskStore(commands, prefix, settings.TASK_TTL_S * 1_000),
        afterMs: settings.TASK_AFTER_MS,
      },
      confirmation,
      log,
    }),
  });
  const legacy = createLegacyEndpoint({
    createServer: createMcpServer,
    sessions: createSessionStore({
      redis: commands,
      prefix,
      ttlS: settings.SESSION_TTL_S,
      maxPerUser: settings.MAX_SESSIONS_PER_USER,
    }),
    events: createSessionEvents(commands, channels, prefix),
    channels,
    prefix,
    upgradeAfterMs: settings.KEEP_ALIVE_AFTER_MS,
    log,
  });
  const endpoint = stack.use(createMcpEndpoint(createMcpServer, legacy, log));
  const listening = listenToTasks(endpoint.answer, channels, prefix);

  let draining = false;
  const isAvailable = () => commands.status === "ready";
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.use((_req, res, next) => {
    // So that routers don't send their next request over a connection that is about to close.
    if (draining) res.setHeader("connection", "close");
    next();
  });
  app.use(healthRoutes(healthSubject(parts, commands), () => !draining && isAvailable()));
  app.use(guardHost(settings.ALLOWED_HOSTS, settings.ALLOWED_ORIGINS));
  app.use(
    mcpRoutes({
      answer: listening.answer,
      destinations: settings.destinations,
      authenticate: parts.authenticate,
      limitRate: createRateLimits({
        redis: commands,
        prefix,
        perUser: settings.RATE_PER_USER_PER_MINUTE,
        perTenant: settings.RATE_PER_TENANT_PER_MINUTE,
        log,
      }),
      isAvailable,
      maxBodyBytes: settings.MAX_BODY_BYTES,
      keepAliveAfterMs: 2 * settings.KEEP_ALIVE_AFTER_MS,
      log,
    }),
  );
  app.use((_req, res) => {
    res.status(404).json({ error: "Not found. The MCP endpoint is /mcp, the health check is /health." });
  });

  const server = createServer(app);
  // Longer than load balancers keep an idle connection, so that they and not we close it.
  server.keepAliveTimeout = 90_000;
  stack.defer(closeWhenAnswered(server, settings.SHUTDOWN_TIMEOUT_MS / 2, () => calls.endAll()));
  stack.use(legacy);
  stack.use(listening);
  stack.defer(async () => {
    draining = true;
    await sleep(settings.DRAIN_DELAY_MS);
  });
  server.listen(settings.PORT, settings.HOST);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const url = `http://${settings.HOST.includes(":") ? `[${settings.HOST}]` : settings.HOST}:${port}`;
  log.info({ url, gateway_id: gatewayId }, "gateway listening");
  return { url };
}

function healthSubject({ settings }: AppParts, commands: RedisConnection): HealthSubject {
  return {
    instance: settings.CF_INSTANCE_INDEX,
    version: packageJson.version,
    checkTimeoutMs: settings.HEALTH_TIMEOUT_MS,
    checks: {
      database: databaseCheck(settings.DATABASE_URL),
      redis: redisCheck(commands),
      sapDestinations: destinationsCheck(commands, settings.KEY_PREFIX, settings.destinations),
    },
  };
}

/**
 * Lets running requests finish. What still runs after `patienceMs`, `endAll` answers; then every connection is dropped,
 * also those of event streams that never end.
 */
function closeWhenAnswered(server: Server, patienceMs: number, endAll: () => Promise<void>): () => Promise<void> {
  let running = 0;
  let idle = Promise.withResolvers<void>();
  server.on("request", (_req, res) => {
    running += 1;
    res.once("close", () => {
      running -= 1;
      if (running === 0) idle.resolve();
    });
  });
  return async () => {
    const closed = once(server, "close");
    server.close();
    idle = Promise.withResolvers();
    const settle = async (withinMs: number) => {
      if (running > 0) await Promise.race([idle.promise, sleep(withinMs, undefined, { ref: false })]);
    };
    await settle(patienceMs);
    if (running > 0) await endAll();
    await settle(lastWordsMs);
    // Also those on which no request has ever come, which the server does not count as idle.
    server.closeAllConnections();
    await closed;
  };
}
