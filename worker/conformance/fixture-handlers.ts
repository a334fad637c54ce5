import { fixtureJobs } from "@sap-mcp/shared/conformance/fixture-jobs.ts";
import type {
  FixtureAnswer,
  FixtureName,
  FixtureRound,
  FixtureRoundOf,
} from "@sap-mcp/shared/conformance/fixture-jobs.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { handlerOf } from "../src/jobs/job-handler.ts";
import type { JobContext, JobHandler } from "../src/jobs/job-handler.ts";
import { askingHandlers } from "./asking-handlers.ts";
import { contentHandlers } from "./content-handlers.ts";
import { taskHandlers } from "./task-handlers.ts";

type Answered = Outcome<FixtureAnswer> | Promise<Outcome<FixtureAnswer>>;

/** The code behind every fixture tool. */
export type FixtureHandlers = {
  readonly [Name in FixtureName]: (round: FixtureRoundOf<Name>, context: JobContext) => Answered;
};

type AnyHandler = (round: FixtureRound<unknown>, context: JobContext) => Answered;

const handlers: FixtureHandlers = { ...contentHandlers, ...askingHandlers, ...taskHandlers };

export const fixtureHandlers: readonly JobHandler[] = fixtureJobs.map((contract) =>
  // Each contract has parsed its own arguments when its handler runs.
  handlerOf(contract, async (round, context) => (handlers[contract.name as FixtureName] as AnyHandler)(round, context)),
);
