import type { FixtureAnswer, FixtureRound } from "@sap-mcp/shared/conformance/fixture-jobs.ts";
import { fail } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { ask, pose } from "./ask.ts";
import { text } from "./content-handlers.ts";
import type { FixtureHandlers } from "./fixture-handlers.ts";
import { completion, form, roots } from "./questions.ts";
import type { FilledForm } from "./questions.ts";

type Round = FixtureRound<unknown>;

const username = { type: "string", description: "User's response" };
const email = { type: "string", description: "User's email address" };
const nameForm = form("What is your name?", { name: { type: "string" } });
const colorForm = form("Step 2: What is your favorite color?", { color: { type: "string" } });
const confirmation = form("Please confirm", { ok: { type: "boolean" } });

const defaultsForm = form(
  "Please review the defaults",
  {
    name: { type: "string", default: "John Doe" },
    age: { type: "integer", default: 30 },
    score: { type: "number", default: 95.5 },
    status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
    verified: { type: "boolean", default: true },
  },
  [],
);

const titled = [
  { const: "value1", title: "First" },
  { const: "value2", title: "Second" },
  { const: "value3", title: "Third" },
];
const options = ["option1", "option2", "option3"];
const enumsForm = form(
  "Please choose",
  {
    untitledSingle: { type: "string", enum: options },
    titledSingle: { type: "string", oneOf: titled },
    legacyEnum: { type: "string", enum: ["opt1", "opt2", "opt3"], enumNames: ["One", "Two", "Three"] },
    untitledMulti: { type: "array", items: { type: "string", enum: options } },
    titledMulti: { type: "array", items: { anyOf: titled } },
  },
  [],
);

/** The tools that ask their client something, written as rounds for clients of both eras. */
export const askingHandlers = {
  test_sampling: (round) => sample(round, round.arguments.prompt),
  test_elicitation: (round) =>
    ask(round, { questions: { user: form(round.arguments.message, { username, email }) } }, ({ user }) =>
      text(`User response: action: ${user.action}, content: ${JSON.stringify(user.content)}`),
    ),
  test_elicitation_sep1034_defaults: (round) => ask(round, { questions: { user: defaultsForm } }, completed),
  test_elicitation_sep1330_enums: (round) => ask(round, { questions: { user: enumsForm } }, completed),
  test_missing_capability: (round) => sample(round, "Say hello"),
  test_streaming_elicitation: greet,
  test_input_required_result_elicitation: greet,
  test_input_required_result_sampling: (round) => sample(round, "What is the capital of France?"),
  test_input_required_result_list_roots: (round) =>
    ask(round, { questions: { client_roots: roots() } }, ({ client_roots }) =>
      text(`Roots: ${client_roots.roots.map((root) => root.uri).join(", ")}`),
    ),
  test_input_required_result_request_state: confirm,
  test_input_required_result_tampered_state: confirm,
  test_input_required_result_multiple_inputs: (round) => {
    const questions = { user_name: nameForm, greeting: completion("Generate a greeting", 50), client_roots: roots() };
    return ask(round, { questions, state: { round: 1 } }, ({ user_name, greeting, client_roots }) =>
      text(`${greeting.content.text} ${String(user_name.content["name"])}, ${client_roots.roots.length} roots`),
    );
  },
  test_input_required_result_multi_round: (round) => {
    const name = round.state?.["name"];
    if (typeof name !== "string") {
      const step1 = form("Step 1: What is your name?", { name: { type: "string" } });
      return ask(round, { questions: { step1 }, state: { round: 1 } }, (given) =>
        pose({ questions: { step2: colorForm }, state: { round: 2, name: String(given.step1.content["name"]) } }),
      );
    }
    return ask(round, { questions: { step2: colorForm }, state: { round: 2, name } }, ({ step2 }) =>
      text(`${name} likes ${String(step2.content["color"])}.`),
    );
  },
  test_input_required_result_capabilities: (round) => {
    const questions = {
      ...(round.capabilities?.["sampling"] !== undefined && { greeting: completion("Generate a greeting", 50) }),
      ...(round.capabilities?.["elicitation"] !== undefined && { user_name: nameForm }),
    };
    const asked = Object.keys(questions).join(", ");
    if (asked === "") return text("The client can be asked nothing.");
    return ask(round, { questions }, () => text(`The client was asked for ${asked}.`));
  },
} satisfies Partial<FixtureHandlers>;

function sample(round: Round, prompt: string): Outcome<FixtureAnswer> {
  return ask(round, { questions: { capital_question: completion(prompt, 100) } }, ({ capital_question }) =>
    text(`LLM response: ${capital_question.content.text}`),
  );
}

function greet(round: Round): Outcome<FixtureAnswer> {
  return ask(round, { questions: { user_name: nameForm } }, ({ user_name }) =>
    text(user_name.action === "accept" ? `Hello, ${String(user_name.content["name"])}!` : "Hello, whoever you are!"),
  );
}

/** Goes on only when the state that it gave away came back. */
function confirm(round: Round): Outcome<FixtureAnswer> {
  return ask(round, { questions: { confirm: confirmation }, state: { asked: "confirm" } }, () =>
    round.state?.["asked"] === "confirm" ? text("state-ok") : fail("rejected", "The answer came without its state."),
  );
}

function completed({ user }: { readonly user: FilledForm }): Outcome<FixtureAnswer> {
  return text(`Elicitation completed: action=${user.action}, content=${JSON.stringify(user.content)}`);
}
