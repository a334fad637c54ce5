import type { TestProject } from "vitest/node";
import { provideRedis } from "../local/redis.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The one Redis of this test run; every test file keeps to a key prefix of its own. */
    readonly redisUrl: string;
  }
}

/** Starts Redis before the tests that need one and stops it after them. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const redis = await provideRedis({ env: process.env, appendOnly: false, report: (step) => console.log(step) });
  project.provide("redisUrl", redis.url);
  return redis.stop;
}
