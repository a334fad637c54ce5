import { discoverServiceEntities } from "@sap-mcp/shared/contracts/discover-service-entities.ts";
import type { Tool } from "../tool.ts";

export const discoverServiceEntitiesTool: Tool = {
  title: "Discover entity sets",
  description:
    "List the entity sets of a service with their keys and what they allow: c(reate), r(ead), u(pdate), d(elete).",
  contract: discoverServiceEntities,
  annotations: { readOnlyHint: true, openWorldHint: true },
};
