import { createLogger } from "@sap-mcp/shared/logger.ts";
import { runService } from "@sap-mcp/shared/run-service.ts";
import { readSettings } from "@sap-mcp/shared/settings.ts";
import { openApp } from "./app.ts";
import { authenticateNobody } from "./http/authenticate.ts";
import { resourcesFeature } from "./mcp/resources-feature.ts";
import { provideSapTools } from "./mcp/tools/provide-sap-tools.ts";
import { sapInstructions } from "./mcp/tools/sap-tools.ts";
import { toolsFeature } from "./mcp/tools-feature.ts";
import { gatewaySettingsSchema } from "./settings.ts";

await runService(() => {
  const settings = readSettings(gatewaySettingsSchema, process.env);
  const log = createLogger({ component: "gateway", level: settings.LOG_LEVEL, instance: settings.CF_INSTANCE_INDEX });
  return {
    log,
    shutdownTimeoutMs: settings.SHUTDOWN_TIMEOUT_MS,
    open: async (stack) => {
      await openApp(stack, {
        settings,
        log,
        authenticate: authenticateNobody,
        describe: (access) => ({
          features: [toolsFeature(provideSapTools(settings, access), access), resourcesFeature(access)],
          instructions: sapInstructions,
        }),
      });
    },
  };
});
