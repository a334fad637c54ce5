import { createLogger } from "@sap-mcp/shared/logger.ts";
import { runService } from "@sap-mcp/shared/run-service.ts";
import { readSettings } from "@sap-mcp/shared/settings.ts";
import { goLive, openApp } from "./app.ts";
import type { AppParts } from "./app.ts";
import { workerSettingsSchema } from "./settings.ts";

if (process.argv[2] === "go-live") {
  await goLive(readParts());
} else {
  await runService(() => {
    const parts = readParts();
    const { settings, log } = parts;
    return { log, shutdownTimeoutMs: settings.SHUTDOWN_TIMEOUT_MS, open: (stack) => openApp(stack, parts) };
  });
}

function readParts(): AppParts {
  const settings = readSettings(workerSettingsSchema, process.env);
  const log = createLogger({ component: "worker", level: settings.LOG_LEVEL, instance: settings.CF_INSTANCE_INDEX });
  return { settings, log };
}
