import { createHash, randomUUID } from "node:crypto";
import { createRequestStateCodec, inputRequired, inputResponse } from "@modelcontextprotocol/server";
import type { ClientCapabilities, ServerContext, ServerOptions } from "@modelcontextprotocol/server";
import { principalOf } from "@sap-mcp/shared/caller.ts";
import { canonicalJson } from "@sap-mcp/shared/canonical-json.ts";
import type { JobContract } from "@sap-mcp/shared/contracts/define-job.ts";
import type { McpExchange } from "../exchange.ts";
import { resultOfFailure } from "../tool-result.ts";
import type { ToolResult } from "../tool.ts";
import { questionOf, shortNameOf } from "./question.ts";

/** Time for which a user may think, in seconds. */
const patienceS = 600;

export interface ConfirmationOptions {
  /** Operations and functions that need the user's consent. */
  readonly names: readonly string[];
  /** The key with which all gateways sign what travels by way of the client. */
  readonly provideKey: () => Promise<string>;
}

/** A call of a tool that may need consent. */
export interface ConsentCase {
  readonly contract: JobContract;
  /** As the client sent it. */
  readonly input: unknown;
  readonly exchange: McpExchange;
  readonly context: ServerContext;
  readonly capabilities: ClientCapabilities | undefined;
}

/** Either the call may go on, under this key unless it has one of its own, or `result` is its answer. */
export type Consent =
  | { readonly granted: true; readonly idempotencyKey?: string }
  | { readonly granted: false; readonly result: ToolResult };

export interface Confirmation {
  readonly requestState: NonNullable<ServerOptions["requestState"]>;
  readonly consentTo: (call: ConsentCase) => Promise<Consent>;
}

/** What travels by way of the client, signed: for which call of which principal consent was asked. */
interface AskedState {
  readonly asked: string;
  /** So that an answer which the client sends twice executes once. */
  readonly idempotencyKey: string;
}

/**
 * Asks the user before a call. The question is a result (`input_required`), so any gateway takes the answer; the SDK
 * puts it to 2025-era clients as an elicitation.
 */
export function createConfirmation({ names, provideKey }: ConfirmationOptions): Confirmation {
  const wanted = new Set(names.map(shortNameOf));
  const codec = async () => createRequestStateCodec<AskedState>({ key: await provideKey(), ttlSeconds: patienceS });
  return {
    requestState: { verify: async (state, context) => (await codec()).verify(state, context) },
    consentTo: async (call) => {
      if (questionOf(call.input, wanted) === undefined) return { granted: true };
      const parsed = call.contract.input.safeParse(call.input);
      // A call that can't be made needs no consent; why it can't be made is said elsewhere.
      if (!parsed.success || call.contract.effect(parsed.data) === "read") return { granted: true };
      const question = questionOf(parsed.data, wanted);
      if (question === undefined) return { granted: true };
      if (!canBeAsked(call.capabilities)) return refuse(cannotAsk(question));
      const asked = digestOf(call, parsed.data);
      const answer = answerOf(call, asked);
      if (answer === "declined") return refuse(declined);
      if (answer !== undefined) return { granted: true, idempotencyKey: answer.idempotencyKey };
      const requestState = await (await codec()).mint({ asked, idempotencyKey: randomUUID() });
      return { granted: false, result: ask(question, requestState) };
    },
  };
}

/** The verified state of a call to which the user said yes; undefined where nobody was asked about just this call. */
function answerOf({ context: { mcpReq } }: ConsentCase, asked: string): AskedState | "declined" | undefined {
  const state = mcpReq.requestState<AskedState>();
  const response = inputResponse(mcpReq.inputResponses, "confirm");
  if (state?.asked !== asked || response.kind !== "elicit") return undefined;
  return response.action === "accept" && response.content?.["confirm"] === true ? state : "declined";
}

/** Bound to the principal and to exactly these arguments. */
function digestOf({ contract, exchange }: ConsentCase, input: unknown): string {
  const facts = [principalOf(exchange.caller), exchange.destination ?? null, contract.name, input];
  return createHash("sha256").update(canonicalJson(facts)).digest("base64url");
}

/** An empty `elicitation` means forms, as it did before there were other modes. */
function canBeAsked(capabilities: ClientCapabilities | undefined): boolean {
  const elicitation = capabilities?.elicitation;
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
}

function ask(message: string, requestState: string): ToolResult {
  const confirm = inputRequired.elicit({
    message,
    requestedSchema: {
      type: "object",
      properties: { confirm: { type: "boolean", title: "Yes, do it" } },
      required: ["confirm"],
    },
  });
  return inputRequired({ inputRequests: { confirm }, requestState });
}

const declined = {
  kind: "unconfirmed",
  message: "The user did not agree; nothing was executed.",
  guidance: "Do not try it again, or in another way, unless the user asks for it.",
} as const;

function cannotAsk(question: string) {
  return {
    kind: "unconfirmed",
    message: `This needs the consent of the user, for whom this client has no way to be asked (elicitation). ${question}`,
    guidance:
      "Tell the user what you wanted to do. It is possible with a client that has elicitation; an administrator decides what needs consent (CONFIRM).",
  } as const;
}

function refuse(failure: Parameters<typeof resultOfFailure>[0]): Consent {
  return { granted: false, result: resultOfFailure(failure) };
}
