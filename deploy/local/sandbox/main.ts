import { createLogger } from "@sap-mcp/shared/logger.ts";
import { runService } from "@sap-mcp/shared/run-service.ts";
import { integerSetting, readSettings } from "@sap-mcp/shared/settings.ts";
import { z } from "zod";
import { openSandbox } from "./open-sandbox.ts";

const settingsSchema = z.object({
  /** Port to listen on; 0 for a free one. */
  PORT: integerSetting(0, 65_535).default(8_080),
  HOST: z.string().default("127.0.0.1"),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace"]).default("info"),
});

await runService(() => {
  const settings = readSettings(settingsSchema, process.env);
  const log = createLogger({ component: "sandbox", level: settings.LOG_LEVEL, instance: "0" });
  return {
    log,
    shutdownTimeoutMs: 5_000,
    open: async (stack) => {
      const sandbox = await openSandbox({ port: settings.PORT, host: settings.HOST, log });
      stack.adopt(sandbox, (it) => it.close());
      log.info({ url: sandbox.url }, "sandbox SAP system listening");
    },
  };
});
