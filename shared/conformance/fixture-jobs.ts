import { z } from "zod";
import { defineJob } from "../src/contracts/define-job.ts";

const nothing = z.object({});
const anything = z.record(z.string(), z.unknown());

/** The tools that the MCP conformance suite calls, with their arguments. */
const fixtureArguments = {
  test_simple_text: nothing,
  test_image_content: nothing,
  test_audio_content: nothing,
  test_embedded_resource: nothing,
  test_multiple_content_types: nothing,
  test_error_handling: nothing,
  test_tool_with_logging: nothing,
  test_logging_tool: nothing,
  test_tool_with_progress: nothing,
  test_reconnection: nothing,
  json_schema_2020_12_tool: anything,
  test_sampling: z.object({ prompt: z.string() }),
  test_elicitation: z.object({ message: z.string() }),
  test_elicitation_sep1034_defaults: nothing,
  test_elicitation_sep1330_enums: nothing,
  test_missing_capability: nothing,
  test_streaming_elicitation: nothing,
  test_input_required_result_elicitation: nothing,
  test_input_required_result_sampling: nothing,
  test_input_required_result_list_roots: nothing,
  test_input_required_result_request_state: nothing,
  test_input_required_result_multiple_inputs: nothing,
  test_input_required_result_multi_round: nothing,
  test_input_required_result_tampered_state: nothing,
  test_input_required_result_capabilities: nothing,
  greet: z.object({ name: z.string() }),
  slow_compute: z.object({ seconds: z.number(), label: z.string().default("nothing") }),
  failing_job: nothing,
  protocol_error_job: nothing,
  confirm_delete: z.object({ filename: z.string() }),
  multi_input: nothing,
  test_tool_with_task: nothing,
};

export type FixtureName = keyof typeof fixtureArguments;

/** One round of a tool that may ask its client: the arguments, and what the client answered in the round before. */
export interface FixtureRound<Arguments> {
  readonly arguments: Arguments;
  /** The client's answers by the names of the questions; not checked by anybody yet. */
  readonly inputResponses?: Readonly<Record<string, unknown>> | undefined;
  /** What the tool gave to itself in the round before; the gateway has verified it. */
  readonly state?: Readonly<Record<string, unknown>> | undefined;
  /** What the client says that it can be asked; absent for 2025-era clients. */
  readonly capabilities?: Readonly<Record<string, unknown>> | undefined;
}

export type FixtureRoundOf<Name extends FixtureName> = FixtureRound<z.output<(typeof fixtureArguments)[Name]>>;

/** A tool's answer: content blocks of MCP, questions to the client and a state to get back with the answers, or an error of the protocol. */
export const fixtureAnswerSchema = z.union([
  z.object({ content: z.array(z.looseObject({ type: z.string() })) }),
  z.object({
    inputRequests: z.record(z.string(), z.object({ method: z.string(), params: anything })),
    state: anything.optional(),
  }),
  z.object({ protocolError: z.string() }),
]);

export type FixtureAnswer = z.output<typeof fixtureAnswerSchema>;

/** One contract per tool, in the order in which the tools are listed. */
export const fixtureJobs = (Object.keys(fixtureArguments) as FixtureName[]).map((name) =>
  defineJob({
    name,
    input: z.object({
      arguments: fixtureArguments[name],
      inputResponses: anything.optional(),
      state: anything.optional(),
      capabilities: anything.optional(),
    }),
    output: fixtureAnswerSchema,
    effect: () => "read",
  }),
);

/** JSON Schema of a tool's arguments. */
export function argumentsSchemaOf(name: string): Record<string, unknown> {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(fixtureArguments[name as FixtureName], { io: "input" });
  return schema;
}
