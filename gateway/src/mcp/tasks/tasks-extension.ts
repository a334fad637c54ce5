import { CLIENT_CAPABILITIES_META_KEY, MissingRequiredClientCapabilityError } from "@modelcontextprotocol/server";
import type { ServerContext } from "@modelcontextprotocol/server";

/** The extension by which a slow call is answered with a task (modelcontextprotocol/ext-tasks, 2026-07-28). */
export const tasksExtension = "io.modelcontextprotocol/tasks";

/** Whether the `_meta` of a request declares the extension; 2025-era requests never do. */
export function declaresTasks(meta: unknown): boolean {
  const capabilities = (meta as Readonly<Record<string, unknown>> | undefined)?.[CLIENT_CAPABILITIES_META_KEY];
  const { extensions } = (capabilities ?? {}) as { readonly extensions?: Readonly<Record<string, unknown>> };
  return extensions?.[tasksExtension] !== undefined;
}

/** @throws MissingRequiredClientCapabilityError for a request that does not declare the extension. */
export function requireTasks({ mcpReq }: ServerContext): void {
  if (!declaresTasks(mcpReq.envelope)) throw tasksMissing();
}

export function tasksMissing(): MissingRequiredClientCapabilityError {
  return new MissingRequiredClientCapabilityError({
    requiredCapabilities: { extensions: { [tasksExtension]: {} } },
  });
}
