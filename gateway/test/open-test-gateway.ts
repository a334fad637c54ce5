import { randomUUID } from "node:crypto";
import { replyStreamKey, queueNameOf } from "@sap-mcp/shared/keys.ts";
import type { JobPayload } from "@sap-mcp/shared/job-payload.ts";
import { createLogger } from "@sap-mcp/shared/logger.ts";
import { encodeReply } from "@sap-mcp/shared/reply.ts";
import type { Reply } from "@sap-mcp/shared/reply.ts";
import { readSettings } from "@sap-mcp/shared/settings.ts";
import { Worker } from "bullmq";
import { Redis } from "ioredis";
import { openApp } from "../src/app.ts";
import { authenticateNobody } from "../src/http/authenticate.ts";
import type { Authenticate } from "../src/http/authenticate.ts";
import { resourcesFeature } from "../src/mcp/resources-feature.ts";
import { provideSapTools } from "../src/mcp/tools/provide-sap-tools.ts";
import { toolsFeature } from "../src/mcp/tools-feature.ts";
import { gatewaySettingsSchema } from "../src/settings.ts";

export interface TestGatewayOptions {
  readonly redisUrl: string;
  readonly prefix: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly authenticate?: Authenticate;
}

/** A whole gateway on a free port that is ready for calls, closed with the stack. */
export async function openTestGateway(stack: AsyncDisposableStack, options: TestGatewayOptions): Promise<string> {
  const settings = readSettings(gatewaySettingsSchema, {
    PORT: "0",
    REDIS_URL: options.redisUrl,
    KEY_PREFIX: options.prefix,
    DRAIN_DELAY_MS: "0",
    SAP_DESTINATION_NAME: "S4",
    SAP_DESTINATIONS: "S4,S4_QUALITY",
    ...options.env,
  });
  const log = createLogger({ component: "gateway", level: "silent", instance: "0" });
  const { url } = await openApp(stack, {
    settings,
    log,
    authenticate: options.authenticate ?? authenticateNobody,
    describe: (access) => ({
      features: [toolsFeature(provideSapTools(settings, access), access), resourcesFeature(access)],
    }),
  });
  while (!(await fetch(`${url}/health/ready`)).ok) await new Promise((resolve) => setTimeout(resolve, 10));
  return url;
}

export interface TakenJob {
  readonly callId: string;
  readonly name: string;
  readonly payload: JobPayload;
  readonly reply: (reply: Reply) => Promise<void>;
}

/** Plays the worker: takes the reads and writes of a destination and does with them what the test says. */
export function openTestWorker(
  stack: AsyncDisposableStack,
  options: { readonly redisUrl: string; readonly prefix: string },
  handle: (job: TakenJob) => Promise<void>,
): void {
  const connection = stack.adopt(new Redis(options.redisUrl, { maxRetriesPerRequest: null, protocol: 2 }), (it) =>
    it.disconnect(),
  );
  for (const lane of ["read", "write"] as const) {
    const worker = new Worker(
      queueNameOf("S4", lane),
      async ({ id = "", name, data }) => {
        const payload = data as JobPayload;
        const reply = async (message: Reply) => {
          await connection.xadd(
            replyStreamKey(options.prefix, payload.replyTo),
            "NOMKSTREAM",
            "*",
            ...encodeReply(message),
          );
        };
        await handle({ callId: id, name, payload, reply });
      },
      { connection, prefix: options.prefix, concurrency: 50 },
    );
    stack.defer(() => worker.close());
  }
}

/** A key prefix that no other test has. */
export function freshPrefix(): string {
  return `{test-${randomUUID()}}`;
}

/** Sends a 2026-07-28 request; `params` without the envelope, which is added here. */
export function postModern(
  url: string,
  message: { readonly method: string; readonly params?: Readonly<Record<string, unknown>> },
  init: {
    readonly headers?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
    readonly path?: string;
  } = {},
): Promise<Response> {
  const name = message.params?.name ?? message.params?.uri;
  return fetch(`${url}${init.path ?? "/mcp"}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": message.method,
      ...(typeof name === "string" && { "mcp-name": name }),
      ...init.headers,
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: message.method,
      params: {
        ...message.params,
        _meta: {
          "io.modelcontextprotocol/protocolVersion": "2026-07-28",
          "io.modelcontextprotocol/clientCapabilities": {},
          "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
          ...(message.params?._meta as Record<string, unknown> | undefined),
        },
      },
    }),
    ...(init.signal !== undefined && { signal: init.signal }),
  });
}
