import { createLogger } from "@sap-mcp/shared/logger.ts";
import { runService } from "@sap-mcp/shared/run-service.ts";
import { readSettings } from "@sap-mcp/shared/settings.ts";
import { openApp } from "./app.ts";
import { workerSettingsSchema } from "./settings.ts";

await runService(() => {
  const settings = readSettings(workerSettingsSchema, process.env);
  const log = createLogger({ component: "worker", level: settings.LOG_LEVEL, instance: settings.CF_INSTANCE_INDEX });
  return {
    log,
    shutdownTimeoutMs: settings.SHUTDOWN_TIMEOUT_MS,
    open: (stack) => openApp(stack, { settings, log }),
  };
});
