import type {
  CallToolResult,
  InputRequiredResult,
  ServerContext,
  Tool as ToolListing,
} from "@modelcontextprotocol/server";
import type { JobContract } from "@sap-mcp/shared/contracts/define-job.ts";
import type { Progress } from "@sap-mcp/shared/reply.ts";
import { z } from "zod";

export type ToolResult = CallToolResult | InputRequiredResult;

/** A tool as clients see it, backed by a job of the same name. */
export interface Tool {
  readonly title: string;
  readonly description: string;
  readonly contract: JobContract;
  readonly annotations: ToolListing["annotations"];
  /** The listed schema, where it says less than the contract's input. */
  readonly inputSchema?: ToolListing["inputSchema"];
  /** Makes the job's input of the arguments; by default they are the input. */
  readonly toInput?: (args: Readonly<Record<string, unknown>>, context: ServerContext) => unknown;
  /** Makes the tool result of the worker's JSON; by default it becomes text and structuredContent. */
  readonly toResult?: (json: Buffer, context: ServerContext) => ToolResult | Promise<ToolResult>;
  /** What happens with progress; by default it becomes notifications/progress. */
  readonly onProgress?: (progress: Progress, context: ServerContext) => void;
}

/** The entry of tools/list. */
export function listingOf(tool: Tool): ToolListing {
  return {
    name: tool.contract.name,
    title: tool.title,
    description: tool.description,
    inputSchema: tool.inputSchema ?? inputSchemaOf(tool.contract),
    ...(tool.annotations !== undefined && { annotations: tool.annotations }),
  };
}

/** JSON Schema 2020-12 of a contract's input, without what says nothing to a model. */
export function inputSchemaOf(contract: JobContract): ToolListing["inputSchema"] {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(contract.input, {
    io: "input",
    override: ({ jsonSchema }) => {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      delete jsonSchema.propertyNames;
    },
  });
  return schema as ToolListing["inputSchema"];
}
