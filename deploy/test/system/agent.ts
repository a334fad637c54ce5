import { clientKinds } from "./clients.ts";
import type { CallAnswer } from "./clients.ts";
import type { TestSystem } from "./open-test-system.ts";

const mostCalls = 4;

export type Row = Readonly<Record<string, unknown>>;

/** An agent that may take four calls for each question, from nothing but tools/list. */
export interface Agent {
  /** Begins with the next question. */
  readonly begin: () => void;
  readonly call: (name: string, args: Record<string, unknown>) => Promise<CallAnswer["content"]>;
  /** Id of the service that is found first. */
  readonly search: (query: string) => Promise<string>;
  readonly discover: (serviceId: string) => Promise<Row>;
  readonly schema: (serviceId: string, entityName: string) => Promise<Row>;
  readonly execute: (args: Record<string, unknown>) => Promise<Row>;
  /** What the SAP system itself says, past all tools; a path below the OData V4 root. */
  readonly askSap: (path: string) => Promise<readonly Row[]>;
}

export async function openAgent(stack: AsyncDisposableStack, system: TestSystem): Promise<Agent> {
  const client = stack.use(await clientKinds["SDK v2 in the 2026-07-28 era"](system.mcpUrl));
  let calls = 0;
  const call: Agent["call"] = async (name, args) => {
    calls += 1;
    if (calls > mostCalls) throw new Error(`more than ${mostCalls} calls`);
    const answer = await client.call(name, args);
    if (answer.isError) throw new Error(answer.text);
    return answer.content;
  };
  return {
    begin: () => {
      calls = 0;
    },
    call,
    search: async (query) => {
      const { services } = await call("search-sap-services", { query });
      return (services as readonly { readonly id: string }[])[0]?.id ?? "";
    },
    discover: (serviceId) => call("discover-service-entities", { serviceId }),
    schema: (serviceId, entityName) => call("get-entity-schema", { serviceId, entityName }),
    execute: (args) => call("execute-entity-operation", args),
    askSap: async (path) => {
      const response = await fetch(`${system.sandbox.url}/sap/opu/odata4/sap/${path}`, {
        headers: { accept: "application/json;IEEE754Compatible=true" },
      });
      return ((await response.json()) as { value: Row[] }).value;
    },
  };
}

/** The V4 orders of the sandbox. */
export const ordersPath = "api_salesorder/srvd_a2x/sap/salesorder/0001/SalesOrder";
