import { createLogger } from "@sap-mcp/shared/logger.ts";
import { runService } from "@sap-mcp/shared/run-service.ts";
import { readSettings } from "@sap-mcp/shared/settings.ts";
import { openApp } from "../src/app.ts";
import { workerSettingsSchema } from "../src/settings.ts";
import { fixtureHandlers } from "./fixture-handlers.ts";

// The product's worker, which also runs the tools of the MCP conformance suite.
await runService(() => {
  const settings = readSettings(workerSettingsSchema, process.env);
  const log = createLogger({ component: "worker", level: settings.LOG_LEVEL, instance: settings.CF_INSTANCE_INDEX });
  return {
    log,
    shutdownTimeoutMs: settings.SHUTDOWN_TIMEOUT_MS,
    open: (stack) => openApp(stack, { settings, log, handlers: fixtureHandlers }),
  };
});
