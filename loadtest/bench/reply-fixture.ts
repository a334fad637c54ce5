import { allJobs } from "@sap-mcp/shared/contracts/all-jobs.ts";
import { succeed } from "@sap-mcp/shared/outcome.ts";
import type { JobHandler } from "@sap-mcp/worker/jobs/job-handler.ts";

/** About 1 KB of JSON, as a key read brings it back. */
export const fixtureReply = {
  destination: "BENCH",
  entity: Object.fromEntries(Array.from({ length: 24 }, (_, at) => [`Property${at}`, `value ${at} of the fixture`])),
};

/** Handlers that answer at once, for every job: what is measured is the way there and back. */
export const fixtureHandlers: readonly JobHandler[] = allJobs.map((contract) => ({
  contract,
  run: () => Promise.resolve(succeed(fixtureReply)),
}));
