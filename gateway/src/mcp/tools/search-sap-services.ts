import { searchSapServices } from "@sap-mcp/shared/contracts/search-sap-services.ts";
import type { Tool } from "../tool.ts";

export const searchSapServicesTool: Tool = {
  title: "Search SAP services",
  description:
    "Find OData services of the SAP system by words, best match first. Without a query, the first services of the catalog.",
  contract: searchSapServices,
  annotations: { readOnlyHint: true, openWorldHint: true },
};
