import { z } from "zod";
import type { Question } from "./ask.ts";

/** What the user did with a form. */
export interface FilledForm {
  readonly action: "accept" | "decline" | "cancel";
  readonly content: Readonly<Record<string, unknown>>;
}

const filledFormSchema = z.object({
  action: z.enum(["accept", "decline", "cancel"]),
  content: z.record(z.string(), z.unknown()).default({}),
});
const completionSchema = z.object({ content: z.object({ text: z.string() }) });
const rootsSchema = z.object({ roots: z.array(z.object({ uri: z.string() })) });

/** Asks the user to fill in a form whose fields are all required unless `required` says otherwise. */
export function form(
  message: string,
  properties: Readonly<Record<string, unknown>>,
  required: readonly string[] = Object.keys(properties),
): Question<FilledForm> {
  const requestedSchema = { type: "object", properties, required };
  return { request: { method: "elicitation/create", params: { message, requestedSchema } }, answer: filledFormSchema };
}

/** Asks the client's model to go on after one message of the user. */
export function completion(prompt: string, maxTokens: number): Question<z.output<typeof completionSchema>> {
  const messages = [{ role: "user", content: { type: "text", text: prompt } }];
  return { request: { method: "sampling/createMessage", params: { messages, maxTokens } }, answer: completionSchema };
}

/** Asks the client for the folders that it works in. */
export function roots(): Question<z.output<typeof rootsSchema>> {
  return { request: { method: "roots/list", params: {} }, answer: rootsSchema };
}
