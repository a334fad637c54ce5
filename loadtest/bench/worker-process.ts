import { createLogger } from "@sap-mcp/shared/logger.ts";
import { openRedis, redisTargetFrom } from "@sap-mcp/shared/redis-connection.ts";
import { openJobWorkers } from "@sap-mcp/worker/jobs/open-job-workers.ts";
import { Redis } from "ioredis";
import { fixtureHandlers, fixtureReply } from "./reply-fixture.ts";

/** The other side of a benchmark, in a process of its own as in production: `queue` or `floor`. */
const [, , way, redisUrl, prefix] = process.argv as [string, string, "queue" | "floor", string, string];
const log = createLogger({ component: "bench-worker", level: "warn", instance: "0" });
await using stack = new AsyncDisposableStack();

if (way === "queue") serveQueue();
else void serveFloor();
process.send?.("ready");
await new Promise((resolve) => process.once("disconnect", resolve));
process.exit(0);

/** The worker's own job room, behind handlers that answer at once. */
function serveQueue(): void {
  const target = redisTargetFrom({ REDIS_URL: redisUrl });
  if (typeof target === "string") throw new Error(target);
  openJobWorkers(stack, {
    connection: openRedis(stack, target, { name: "bench-jobs", patience: "wait", log }),
    subscriber: openRedis(stack, target, { name: "bench-cancellations", patience: "wait", log }),
    prefix,
    destinations: ["BENCH"],
    handlers: fixtureHandlers,
    concurrency: 64,
    maxResultBytes: 1_048_576,
    idempotencyTtlS: 86_400,
    readAttempts: 1,
    graceMs: 5_000,
    log,
  });
}

/** Bare lists: take a request, push the answer. No retry, no lock, nothing survives a crash. */
async function serveFloor(): Promise<void> {
  const takes = new Redis(redisUrl);
  const pushes = new Redis(redisUrl);
  const body = JSON.stringify(fixtureReply);
  for (;;) {
    const taken = await takes.brpop(`${prefix}:floor`, 0);
    const { id } = JSON.parse(taken?.[1] ?? "{}") as { id: string };
    void pushes.lpush(`${prefix}:floor-replies`, `${id} ${body}`);
  }
}
