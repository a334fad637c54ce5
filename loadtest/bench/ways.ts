import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { openCallClient } from "@sap-mcp/gateway/jobs/open-call-client.ts";
import { searchSapServices } from "@sap-mcp/shared/contracts/search-sap-services.ts";
import type { Logger } from "@sap-mcp/shared/logger.ts";
import { openRedis, redisTargetFrom } from "@sap-mcp/shared/redis-connection.ts";
import type { RedisPatience } from "@sap-mcp/shared/redis-connection.ts";
import { Redis } from "ioredis";
import { fixtureHandlers } from "./reply-fixture.ts";

/** One way of getting an answer from a handler; `call` resolves with the answer's bytes or text. */
export interface Way {
  readonly name: string;
  readonly call: () => Promise<unknown>;
}

export interface WaysOptions {
  readonly redisUrl: string;
  readonly log: Logger;
}

const caller = { tenant: "bench", user: "bench", scopes: [] };
const input = { limit: 20 };

/** The handler called in this process: no transport at all, only its answer written as JSON. */
export function directWay(log: Logger): Way {
  const [handler] = fixtureHandlers;
  if (handler === undefined) throw new Error("the fixture has no handler");
  const context = {
    caller,
    signal: new AbortController().signal,
    correlationId: "bench",
    traceparent: undefined,
    log,
    report: () => Promise.resolve(),
  };
  return {
    name: "direct",
    call: async () => {
      const outcome = await handler.run(input, context);
      return Buffer.from(JSON.stringify(outcome.ok ? outcome.value : outcome.failure));
    },
  };
}

/** Through the gateway's call client, Redis and a worker process: what the product does. */
export async function openQueueWay(stack: AsyncDisposableStack, { redisUrl, log }: WaysOptions): Promise<Way> {
  const prefix = `{bench-${randomUUID()}}`;
  await startWorker(stack, ["queue", redisUrl, prefix]);
  const target = redisTargetFrom({ REDIS_URL: redisUrl });
  if (typeof target === "string") throw new Error(target);
  const connect = (name: string, patience: RedisPatience) => openRedis(stack, target, { name, patience, log });
  const commands = connect("bench-commands", "fail-fast");
  await once(commands, "ready");
  const client = openCallClient(stack, {
    gatewayId: randomUUID(),
    commands,
    queueing: connect("bench-queues", "wait"),
    reader: connect("bench-replies", "wait"),
    prefix,
    destinations: ["BENCH"],
    log,
  });
  const signal = new AbortController().signal;
  return {
    name: "queue",
    call: async () => {
      const outcome = await client.call({
        contract: searchSapServices,
        input,
        destination: "BENCH",
        caller,
        correlationId: "bench",
        timeoutMs: 60_000,
        signal,
      });
      if (!outcome.ok) throw new Error(outcome.failure.message);
      return outcome.value;
    },
  };
}

/** Bare Redis lists without BullMQ, without anything that survives a fault: what no queue on Redis can beat. */
export async function openFloorWay(stack: AsyncDisposableStack, { redisUrl }: WaysOptions): Promise<Way> {
  const prefix = `{bench-${randomUUID()}}`;
  await startWorker(stack, ["floor", redisUrl, prefix]);
  const pushes = stack.adopt(new Redis(redisUrl), (it) => it.disconnect());
  const takes = stack.adopt(new Redis(redisUrl), (it) => it.disconnect());
  const waiting = new Map<string, (body: string) => void>();
  void (async () => {
    for (;;) {
      const [, reply] = (await takes.brpop(`${prefix}:floor-replies`, 0)) ?? [];
      const space = reply?.indexOf(" ") ?? -1;
      waiting.get(reply?.slice(0, space) ?? "")?.(reply?.slice(space + 1) ?? "");
    }
  })().catch(() => undefined);
  return {
    name: "floor",
    call: () => {
      const id = randomUUID();
      const { promise, resolve } = Promise.withResolvers<string>();
      waiting.set(id, resolve);
      void pushes.lpush(`${prefix}:floor`, JSON.stringify({ id, input, caller }));
      return promise.finally(() => waiting.delete(id));
    },
  };
}

async function startWorker(stack: AsyncDisposableStack, args: readonly string[]): Promise<void> {
  const child = fork(new URL("worker-process.ts", import.meta.url), args);
  stack.defer(async () => {
    child.disconnect();
    await once(child, "exit");
  });
  await once(child, "message");
}
