import { openApp } from "../../src/app.ts";
import { provideSapTools } from "../../src/mcp/tools/provide-sap-tools.ts";
import { toolsFeature } from "../../src/mcp/tools-feature.ts";
import { gatewaySettingsSchema } from "../../src/settings.ts";
import { createLogger } from "@sap-mcp/shared/logger.ts";
import { runService } from "@sap-mcp/shared/run-service.ts";
import { readSettings } from "@sap-mcp/shared/settings.ts";

/** The gateway's own process, but for one thing: it believes the header `x-user`, so that a test can be many users. */
await runService(() => {
  const settings = readSettings(gatewaySettingsSchema, process.env);
  const log = createLogger({ component: "gateway", level: settings.LOG_LEVEL, instance: "0" });
  return {
    log,
    shutdownTimeoutMs: settings.SHUTDOWN_TIMEOUT_MS,
    open: async (stack) => {
      await openApp(stack, {
        settings,
        log,
        authenticate: ({ "x-user": user }) => Promise.resolve({ tenant: "test", user: String(user), scopes: [] }),
        describe: (access) => ({ features: [toolsFeature(provideSapTools(settings, access), access)] }),
      });
    },
  };
});
