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
export type ToolArguments = Readonly<Record<string, unknown>>;

/** A tool as clients see it, backed by a job. */
export interface Tool {
  /** The job's name when absent. */
  readonly name?: string;
  readonly title: string;
  readonly description: string;
  readonly contract: JobContract;
  /** For a tool that stands for several jobs: the one that these arguments mean, if they mean any. */
  readonly contractOf?: (args: ToolArguments) => JobContract | undefined;
  readonly annotations: ToolListing["annotations"];
  /** The listed schema, where it is not that of the contract's input. */
  readonly inputSchema?: ToolListing["inputSchema"];
  /** Makes the job's input of the arguments; by default they are the input. */
  readonly toInput?: (args: ToolArguments, context: ServerContext) => unknown;
  /** Makes the tool result of the worker's JSON; by default it becomes text and structuredContent. */
  readonly toResult?: (json: Buffer, context: ServerContext) => ToolResult | Promise<ToolResult>;
  /** What happens with progress; by default it becomes notifications/progress. */
  readonly onProgress?: (progress: Progress, context: ServerContext) => void;
}

export function nameOf(tool: Tool): string {
  return tool.name ?? tool.contract.name;
}

/** The entry of tools/list. */
export function listingOf(tool: Tool): ToolListing {
  return {
    name: nameOf(tool),
    title: tool.title,
    description: tool.description,
    inputSchema: tool.inputSchema ?? inputSchemaOf(tool.contract),
    ...(tool.annotations !== undefined && { annotations: tool.annotations }),
  };
}

export type SchemaProperties = NonNullable<ToolListing["inputSchema"]["properties"]>;

/** Some of the arguments that a contract takes, as they are listed. */
export function argumentsOf(contract: JobContract, names: readonly string[]): SchemaProperties {
  const { properties = {} } = inputSchemaOf(contract);
  return Object.fromEntries(Object.entries(properties).filter(([name]) => names.includes(name)));
}

/** JSON Schema 2020-12 of a contract's input, without what says nothing to a model; it is checked all the same. */
export function inputSchemaOf(contract: JobContract): ToolListing["inputSchema"] {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(contract.input, {
    io: "input",
    override: ({ jsonSchema }) => {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      delete jsonSchema.propertyNames;
      delete jsonSchema.minLength;
      delete jsonSchema.maxLength;
    },
  });
  return schema as ToolListing["inputSchema"];
}
