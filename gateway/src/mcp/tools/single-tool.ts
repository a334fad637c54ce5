import { listingOf, nameOf } from "../tool.ts";
import type { Tool, ToolArguments } from "../tool.ts";

/** One tool for everything, for clients that allow few: `action` names what would otherwise be the tool. */
export function singleTool(tools: readonly Tool[]): Tool {
  const [first] = tools;
  if (first === undefined) throw new Error("there is no tool to put together");
  const byName = new Map(tools.map((tool) => [nameOf(tool), tool]));
  const listings = tools.map(listingOf);
  const actions = listings.map(({ name, description, inputSchema }) => {
    const needed = inputSchema.required ?? [];
    return `${name}${needed.length > 0 ? ` (${needed.join(", ")})` : ""}: ${description}`;
  });
  const toolOf = (args: ToolArguments) => (typeof args.action === "string" ? byName.get(args.action) : undefined);
  const isReadOnly = tools.every((tool) => tool.annotations?.readOnlyHint === true);
  return {
    name: "sap",
    title: "SAP",
    description: `Work with SAP. Actions, with the arguments they need:\n${actions.join("\n")}`,
    contract: first.contract,
    contractOf: (args) => toolOf(args)?.contract,
    toInput: ({ action: _action, ...args }, context) => byName.get(String(_action))?.toInput?.(args, context) ?? args,
    inputSchema: {
      type: "object",
      properties: {
        action: { type: "string", enum: [...byName.keys()] },
        ...Object.assign({}, ...listings.toReversed().map(({ inputSchema }) => inputSchema.properties)),
      },
      required: ["action"],
      additionalProperties: false,
    },
    annotations: isReadOnly
      ? { readOnlyHint: true, openWorldHint: true }
      : { readOnlyHint: false, openWorldHint: true },
  };
}
