import { createRequestStateCodec } from "@modelcontextprotocol/server";
import { createLogger } from "@sap-mcp/shared/logger.ts";
import { runService } from "@sap-mcp/shared/run-service.ts";
import { readSettings } from "@sap-mcp/shared/settings.ts";
import { z } from "zod";
import { openApp } from "../src/app.ts";
import { authenticateNobody } from "../src/http/authenticate.ts";
import type { McpFeature } from "../src/mcp/feature.ts";
import { toolSetOf, toolsFeature } from "../src/mcp/tools-feature.ts";
import { gatewaySettingsSchema } from "../src/settings.ts";
import { fixturePrompts } from "./fixture-prompts.ts";
import { fixtureResources } from "./fixture-resources.ts";
import { fixtureTools } from "./fixture-tools.ts";
import type { FixtureState } from "./fixture-tools.ts";

const extraSettingsSchema = z.object({
  /** Seals what tools give to themselves by way of the client; the same on all gateways. */
  REQUEST_STATE_KEY: z.string().min(32),
});
const logging: McpFeature = { capabilities: { logging: {} }, install: () => undefined };

// The product's gateway, which offers what the MCP conformance suite asks for in place of SAP.
await runService(() => {
  const settings = readSettings(gatewaySettingsSchema, process.env);
  const { REQUEST_STATE_KEY: key } = readSettings(extraSettingsSchema, process.env);
  const log = createLogger({ component: "gateway", level: settings.LOG_LEVEL, instance: settings.CF_INSTANCE_INDEX });
  const stateCodec = createRequestStateCodec<FixtureState>({ key, bind: (context) => context.mcpReq.method });
  const tools = toolSetOf(fixtureTools(stateCodec));
  return {
    log,
    shutdownTimeoutMs: settings.SHUTDOWN_TIMEOUT_MS,
    open: async (stack) => {
      await openApp(stack, {
        settings,
        log,
        authenticate: authenticateNobody,
        describe: (access) => ({
          features: [toolsFeature(() => tools, access), fixtureResources, fixturePrompts, logging],
          requestState: { verify: (state, context) => stateCodec.verify(state, context) },
        }),
      });
    },
  };
});
