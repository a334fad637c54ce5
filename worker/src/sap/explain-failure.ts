import { fail } from "@sap-mcp/shared/outcome.ts";
import type { Failure } from "@sap-mcp/shared/failure.ts";

/** The failure with what was being done before its message. */
export function explainFailure(during: string, { kind, message, ...facts }: Failure): ReturnType<typeof fail> {
  return fail(kind, `${during}: ${message}`, facts);
}
