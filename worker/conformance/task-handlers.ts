import { setTimeout } from "node:timers/promises";
import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { JobContext } from "../src/jobs/job-handler.ts";
import { ask } from "./ask.ts";
import { text } from "./content-handlers.ts";
import type { FixtureHandlers } from "./fixture-handlers.ts";
import { form } from "./questions.ts";

/** Longer than the wait budget of the gateways under test, so that these calls become tasks. */
const slowMs = 1_200;

const nameForm = form("What is your name?", { name: { type: "string" } });
const consent = form("Are you sure?", { confirm: { type: "boolean" } });

/** The tools that become tasks; those that ask do so in the middle of their task. */
export const taskHandlers = {
  greet: (round) => text(`Hello, ${round.arguments.name}!`),
  slow_compute: async (round, context) => {
    const { seconds, label } = round.arguments;
    for (let passed = 0; passed < seconds; passed += 1) {
      await setTimeout(Math.min(1, seconds - passed) * 1_000, undefined, { signal: context.signal });
      await context.report({ progress: passed + 1, total: seconds, message: `${passed + 1} of ${seconds} s` });
    }
    return text(`Computed ${label} for ${seconds} s.`);
  },
  failing_job: async (_round, context) => {
    await pause(context);
    return fail("rejected", "This tool intentionally returns an error for testing");
  },
  protocol_error_job: async (_round, context) => {
    await pause(context);
    return succeed({ protocolError: "This tool intentionally breaks the protocol for testing" });
  },
  confirm_delete: async (round, context) => {
    await pause(context);
    return ask(round, { questions: { consent } }, (given) =>
      text(`${round.arguments.filename} was ${given.consent.action === "accept" ? "deleted" : "kept"}.`),
    );
  },
  multi_input: async (round, context) => {
    await pause(context);
    return ask(round, { questions: { name: nameForm, consent } }, ({ name }) => text(`${name.action}, twice answered`));
  },
  test_tool_with_task: (round, context) =>
    ask(round, { questions: { user_name: nameForm } }, async ({ user_name }) => {
      await pause(context);
      return text(`Hello, ${String(user_name.content["name"])}, after a while!`);
    }),
} satisfies Partial<FixtureHandlers>;

function pause({ signal }: JobContext): Promise<void> {
  return setTimeout(slowMs, undefined, { signal });
}
