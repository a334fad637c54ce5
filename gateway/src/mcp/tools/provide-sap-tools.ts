import type { SapAccess } from "../call-sap.ts";
import { toolSetOf } from "../tools-feature.ts";
import type { ProvideTools } from "../tools-feature.ts";
import { provideFlatTools } from "./flat-tools.ts";
import { sapTools } from "./sap-tools.ts";
import { singleTool } from "./single-tool.ts";
import { upstreamTools } from "./upstream-tools.ts";

export interface ToolSettings {
  readonly TOOL_MODE: "hierarchical" | "single" | "flat" | "upstream";
  readonly FLAT_SERVICES: readonly string[];
  readonly FLAT_MAX_TOOLS: number;
}

/** The product's tools as the settings cut them. */
export function provideSapTools(settings: ToolSettings, access: SapAccess): ProvideTools {
  const tools = sapTools(access.allowWrites);
  if (settings.TOOL_MODE === "flat") {
    return provideFlatTools(
      { services: settings.FLAT_SERVICES, maxTools: settings.FLAT_MAX_TOOLS, general: tools },
      access,
    );
  }
  const cut = { hierarchical: tools, single: [singleTool(tools)], upstream: upstreamTools(access.allowWrites) };
  const set = toolSetOf(cut[settings.TOOL_MODE]);
  return () => set;
}
