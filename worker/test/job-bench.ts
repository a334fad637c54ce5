import { randomUUID } from "node:crypto";
import { executeEntityOperation } from "@sap-mcp/shared/contracts/execute-entity-operation.ts";
import { searchSapServices } from "@sap-mcp/shared/contracts/search-sap-services.ts";
import type { JobPayload } from "@sap-mcp/shared/job-payload.ts";
import { createLogger } from "@sap-mcp/shared/logger.ts";
import { succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { Reply } from "@sap-mcp/shared/reply.ts";
import { Redis } from "ioredis";
import type { JobContext, JobHandler } from "../src/jobs/job-handler.ts";
import { ReadFlights } from "../src/jobs/read-flights.ts";
import { runJob } from "../src/jobs/run-job.ts";
import { createWriteClaims } from "../src/jobs/write-claims.ts";

interface BenchJob {
  readonly id?: string;
  readonly name?: string;
  readonly input?: unknown;
  readonly payload?: Partial<JobPayload>;
  readonly signal?: AbortSignal;
  readonly maxResultBytes?: number;
}

/** A worker's way of running jobs on a real Redis, with one handler for all of them. */
export interface JobBench {
  readonly redis: Redis;
  readonly prefix: string;
  readonly cancelled: Set<string>;
  /** What the handler does. */
  handle: (context: JobContext) => Promise<Outcome<unknown>>;
  /** How often it ran. */
  runs: number;
  replies: Reply[];
  /** The last reply to this job; a read for the user u unless it says otherwise. */
  readonly run: (job: BenchJob) => Promise<Reply | undefined>;
}

/** A job that writes. */
export const change = {
  name: executeEntityOperation.name,
  input: { serviceId: "S", entityName: "E", operation: "create", parameters: {} },
};

export function openJobBench(redisUrl: string): JobBench & Disposable {
  const redis = new Redis(redisUrl, { protocol: 2 });
  const prefix = `{test-${randomUUID()}}`;
  const shared = {
    redis,
    prefix,
    claims: createWriteClaims({ redis, prefix, ttlS: 60 }),
    flights: new ReadFlights(),
    readAttempts: 3,
    log: createLogger({ component: "worker", level: "silent", instance: "0" }),
  };
  const handlers = new Map(
    [searchSapServices, executeEntityOperation].map((contract): [string, JobHandler] => [
      contract.name,
      {
        contract,
        run: (_input, context) => {
          bench.runs += 1;
          return bench.handle(context);
        },
      },
    ]),
  );
  const bench: JobBench & Disposable = {
    redis,
    prefix,
    cancelled: new Set(),
    handle: () => Promise.resolve(succeed({ fine: true })),
    runs: 0,
    replies: [],
    run: async ({ id = randomUUID(), name = searchSapServices.name, input = { limit: 5 }, ...more }) => {
      const { payload, signal = new AbortController().signal, maxResultBytes = 1_000 } = more;
      const data: JobPayload = {
        input,
        caller: { tenant: "t", user: "u", scopes: [] },
        replyTo: "gateway",
        expiresAt: Date.now() + 5_000,
        progress: false,
        correlationId: "c",
        ...payload,
      };
      const own: Reply[] = [];
      await runJob({ id, name, data, queuedAt: Date.now() }, signal, {
        ...shared,
        handlers,
        maxResultBytes,
        writeReply: (_gatewayId, reply) => {
          bench.replies.push(reply);
          own.push(reply);
          return Promise.resolve(true);
        },
        cancellations: { has: (callId) => bench.cancelled.has(callId) },
      });
      return own.at(-1);
    },
    [Symbol.dispose]: () => redis.disconnect(),
  };
  return bench;
}

/** The kind of the failure, else that of the reply. */
export function failureOf(reply: Reply | undefined): string | undefined {
  return reply?.kind === "failed" ? reply.failure.kind : reply?.kind;
}
