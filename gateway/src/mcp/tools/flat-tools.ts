import { ProtocolError } from "@modelcontextprotocol/server";
import { discoverServiceEntities } from "@sap-mcp/shared/contracts/discover-service-entities.ts";
import { executeEntityOperation } from "@sap-mcp/shared/contracts/execute-entity-operation.ts";
import { failureTable } from "@sap-mcp/shared/failure.ts";
import { callSap } from "../call-sap.ts";
import type { SapAccess } from "../call-sap.ts";
import type { McpExchange } from "../exchange.ts";
import { argumentsOf, nameOf } from "../tool.ts";
import type { Tool } from "../tool.ts";
import { toolSetOf } from "../tools-feature.ts";
import type { ProvideTools, ToolSet } from "../tools-feature.ts";

const lifetimeMs = 300_000;

export interface FlatToolsOptions {
  readonly services: readonly string[];
  readonly maxTools: number;
  /** The tools of the hierarchical mode, of which those for schema and for the rest stay. */
  readonly general: readonly Tool[];
}

interface FlatSet {
  readonly serviceId: string;
  readonly name: string;
  readonly label: string | undefined;
  readonly operations: string;
}

/** Operations of an entity set that get a tool, by the letter with which discovery announces them. */
const flatOperations = [
  { letter: "r", operation: "read", verb: "Read rows of" },
  { letter: "r", operation: "read-single", verb: "Read one by its key of" },
  { letter: "c", operation: "create", verb: "Create one of" },
  { letter: "u", operation: "update", verb: "Change one of" },
  { letter: "d", operation: "delete", verb: "Delete one of" },
] as const;

/** Tools for each entity set of some services, as few as allowed; made of what the services declare, for each destination. */
export function provideFlatTools(options: FlatToolsOptions, access: SapAccess): ProvideTools {
  const known = new Map<string, { readonly at: number; readonly set: ToolSet }>();
  return async (exchange, signal) => {
    const key = JSON.stringify([exchange.destination, exchange.caller.tenant]);
    const recent = known.get(key);
    if (recent !== undefined && Date.now() - recent.at < lifetimeMs) return recent.set;
    const sets = await Promise.all(
      options.services.map((serviceId) => discover(serviceId, { access, exchange, signal })),
    );
    const set = toolSetOf(cut(sets.flat(), options, access.allowWrites));
    known.set(key, { at: Date.now(), set });
    return set;
  };
}

async function discover(
  serviceId: string,
  { access, exchange, signal }: { access: SapAccess; exchange: McpExchange; signal: AbortSignal },
): Promise<FlatSet[]> {
  const outcome = await callSap(access, {
    contract: discoverServiceEntities,
    input: { serviceId, limit: 500 },
    exchange,
    signal,
  });
  if (!outcome.ok) {
    const { kind, message } = outcome.failure;
    throw new ProtocolError(failureTable[kind].jsonRpcCode, `The tools of ${serviceId} can't be listed: ${message}`);
  }
  const found = discoverServiceEntities.output.parse(JSON.parse(outcome.value.toString()));
  return found.entitySets.map(({ name, label, operations }) => ({ serviceId, name, label, operations }));
}

/** What has no tool of its own is reached by the general one, which then stays. */
function cut(sets: readonly FlatSet[], { maxTools, general }: FlatToolsOptions, allowWrites: boolean): readonly Tool[] {
  const repeated = new Set(sets.map(({ name }) => name).filter((name, at, all) => all.indexOf(name) !== at));
  const flat = sets.flatMap((set) =>
    flatOperations
      .filter(({ letter }) => set.operations.includes(letter) && (allowWrites || letter === "r"))
      .map((operation) => flatTool(set, operation, repeated.has(set.name))),
  );
  const kept = flat.slice(0, maxTools);
  const omitted = flat.length - kept.length;
  const stays = general.filter(
    (tool) => nameOf(tool) === "get-entity-schema" || (omitted > 0 && nameOf(tool) === executeEntityOperation.name),
  );
  return [
    ...kept,
    ...stays.map((tool) =>
      nameOf(tool) === executeEntityOperation.name
        ? { ...tool, description: `${tool.description} For the ${omitted} operations that have no tool of their own.` }
        : tool,
    ),
  ];
}

function flatTool(set: FlatSet, { operation, verb }: (typeof flatOperations)[number], isRepeated: boolean): Tool {
  const { serviceId, name } = set;
  const isList = operation === "read";
  const argumentsShown = isList
    ? ["filter", "queryOptions"]
    : operation === "read-single"
      ? ["parameters"]
      : ["parameters", "idempotencyKey"];
  // Clients take names of up to 64 characters.
  const toolName = `${operation}_${isRepeated ? `${serviceId}_` : ""}${name}`.replace(/[^\w-]/g, "_").slice(0, 64);
  return {
    name: toolName,
    title: `${operation} ${name}`,
    description: `${verb} ${set.label ?? name} (${serviceId}).`,
    contract: executeEntityOperation,
    inputSchema: {
      type: "object",
      properties: argumentsOf(executeEntityOperation, argumentsShown),
      ...(!isList && { required: ["parameters"] }),
      additionalProperties: false,
    },
    toInput: (args) => ({ ...args, serviceId, entityName: name, operation }),
    annotations:
      isList || operation === "read-single" ? { readOnlyHint: true } : { destructiveHint: operation !== "create" },
  };
}
