import { discoverServiceEntities } from "@sap-mcp/shared/contracts/discover-service-entities.ts";
import { executeEntityOperation } from "@sap-mcp/shared/contracts/execute-entity-operation.ts";
import { getEntitySchema } from "@sap-mcp/shared/contracts/get-entity-schema.ts";
import { searchSapServices } from "@sap-mcp/shared/contracts/search-sap-services.ts";
import { argumentsOf } from "../tool.ts";
import type { SchemaProperties, Tool, ToolArguments } from "../tool.ts";
import { executeEntityOperationTool } from "./execute-entity-operation.ts";

const text: SchemaProperties[string] = { type: "string" };
const count: SchemaProperties[string] = { type: "integer", minimum: 0 };

/** Query options as btp-sap-odata-to-mcp-server names them, and as OData does. */
const optionNames: Readonly<Record<string, string>> = {
  filterString: "$filter",
  selectString: "$select",
  expandString: "$expand",
  orderbyString: "$orderby",
  topNumber: "$top",
  skipNumber: "$skip",
};

/** The three tools of btp-sap-odata-to-mcp-server under their names and arguments, for agents that were written for it. */
export function upstreamTools(allowWrites: boolean): readonly Tool[] {
  const execute = executeEntityOperationTool(allowWrites);
  const destination = argumentsOf(executeEntityOperation, ["destination"]);
  return [
    {
      name: "discover-sap-data",
      title: "Discover SAP data",
      description: "Find services by words; with serviceId, the entity sets of that service.",
      contract: searchSapServices,
      contractOf: ({ serviceId: id }) => (id === undefined ? searchSapServices : discoverServiceEntities),
      inputSchema: {
        type: "object",
        properties: { query: text, serviceId: text, limit: count, ...destination },
        additionalProperties: false,
      },
      annotations: { readOnlyHint: true, openWorldHint: true },
    },
    {
      name: "get-entity-metadata",
      title: "Get entity metadata",
      description: "Fields, types, keys and navigation properties of one entity set.",
      contract: getEntitySchema,
      annotations: { readOnlyHint: true, openWorldHint: true },
    },
    {
      ...execute,
      name: "execute-sap-operation",
      inputSchema: {
        type: "object",
        properties: {
          ...argumentsOf(executeEntityOperation, ["serviceId", "entityName", "parameters"]),
          operation: execute.inputSchema?.properties?.operation ?? text,
          filterString: text,
          selectString: text,
          expandString: text,
          orderbyString: text,
          topNumber: count,
          skipNumber: count,
          ...(allowWrites && argumentsOf(executeEntityOperation, ["idempotencyKey"])),
          ...destination,
        },
        required: ["serviceId", "entityName", "operation"],
        additionalProperties: false,
      },
      toInput: renameOptions,
    },
  ];
}

function renameOptions(args: ToolArguments): ToolArguments {
  const isOption = (name: string) => Object.hasOwn(optionNames, name);
  const given = Object.entries(args).filter(([name, value]) => isOption(name) && value !== undefined);
  const rest = Object.entries(args).filter(([name]) => !isOption(name));
  const queryOptions = Object.fromEntries(given.map(([name, value]) => [optionNames[name], value]));
  return { ...Object.fromEntries(rest), ...(given.length > 0 && { queryOptions }) };
}
