import { callSapFunction } from "@sap-mcp/shared/contracts/call-sap-function.ts";
import { inputSchemaOf } from "../tool.ts";
import type { Tool } from "../tool.ts";

/** Where writing is off, every call is read-only: the worker, which has the metadata, then refuses all but functions. */
export function callSapFunctionTool(allowWrites: boolean): Tool {
  const { properties: { readOnly, idempotencyKey, ...properties } = {}, ...schema } = inputSchemaOf(callSapFunction);
  return {
    title: "Call an SAP function",
    description: allowWrites
      ? "Call a function import, function or action, bound or not: cancel, release, activate a draft, compute."
      : "Call a function import or function that only reads. Actions are switched off on this server.",
    contract: callSapFunction,
    inputSchema: {
      ...schema,
      properties: { ...properties, ...(allowWrites && readOnly && idempotencyKey && { readOnly, idempotencyKey }) },
    },
    ...(!allowWrites && { toInput: (args) => ({ ...args, readOnly: true }) }),
    annotations: allowWrites
      ? { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true }
      : { readOnlyHint: true, openWorldHint: true },
  };
}
