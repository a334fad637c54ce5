import type { FixtureAnswer, FixtureRound } from "@sap-mcp/shared/conformance/fixture-jobs.ts";
import { succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { z } from "zod";

/** Something to ask the client, and what its answer must look like. */
export interface Question<Answer> {
  readonly request: { readonly method: string; readonly params: Record<string, unknown> };
  readonly answer: z.ZodType<Answer>;
}

type Questions = Readonly<Record<string, Question<unknown>>>;
type AnswersTo<Asked extends Questions> = {
  readonly [Name in keyof Asked]: Asked[Name] extends Question<infer Answer> ? Answer : never;
};

export interface Asking<Asked extends Questions> {
  readonly questions: Asked;
  /** Comes back in the round that brings the answers. */
  readonly state?: Record<string, unknown>;
}

/** Goes on when this round brings a valid answer to every question, and asks (again) when it does not. */
export function ask<Asked extends Questions, Answered extends Outcome<FixtureAnswer> | Promise<Outcome<FixtureAnswer>>>(
  round: FixtureRound<unknown>,
  asking: Asking<Asked>,
  proceed: (answers: AnswersTo<Asked>) => Answered,
): Answered | Outcome<FixtureAnswer> {
  const shape = Object.fromEntries(Object.entries(asking.questions).map(([name, { answer }]) => [name, answer]));
  const answers = z.object(shape).safeParse(round.inputResponses ?? {});
  return answers.success ? proceed(answers.data as AnswersTo<Asked>) : pose(asking);
}

/** The answer of a tool that has questions. */
export function pose({ questions, state }: Asking<Questions>): Outcome<FixtureAnswer> {
  const inputRequests = Object.fromEntries(Object.entries(questions).map(([name, { request }]) => [name, request]));
  return succeed({ inputRequests, ...(state !== undefined && { state }) });
}
