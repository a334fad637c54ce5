import type { Database } from "../data/database.ts";
import type { ServiceDefinition } from "../model/service-definition.ts";
import { bindService } from "./service.ts";
import type { Service } from "./service.ts";

/** A service and the rest of the path behind its root. */
export interface FoundService {
  readonly service: Service;
  readonly path: string;
}

/** Why no service answers: `unregistered` names one that SAP Gateway does not know. */
export type ServiceMiss =
  | { readonly unregistered: { readonly name: string; readonly version: "V2" | "V4" } }
  | undefined;

const v2Path = /^(\/sap\/opu\/odata\/[^/]+\/([^/;]+))(?:;v=0*(\d+))?(?:\/(.*))?$/i;
const v4Path = /^(\/sap\/opu\/odata4(?:\/[^/]+){4}\/([^/]+)\/\d{4})(?:\/(.*))?$/i;

/** Finds services by URL, whatever the case of their names. */
export function createServiceRegistry(
  definitions: readonly ServiceDefinition[],
  database: Database,
): (path: string) => FoundService | ServiceMiss {
  const services = new Map(
    definitions.map((definition) => [keyOf(definition.root), bindService(definition, database)]),
  );
  return (path) => {
    const v4 = v4Path.exec(path);
    const match = v4 ?? v2Path.exec(path);
    if (match === null) return undefined;
    const service = services.get(keyOf(path));
    const name = (match[2] as string).toUpperCase();
    return service === undefined
      ? { unregistered: { name, version: v4 === null ? "V2" : "V4" } }
      : { service, path: match.at(-1) ?? "" };
  };
}

/** V2 services carry their version as a parameter, 1 when absent. */
function keyOf(path: string): string {
  const v4 = v4Path.exec(path);
  if (v4 !== null) return (v4[1] as string).toLowerCase();
  const v2 = v2Path.exec(path);
  return `${v2?.[1]?.toLowerCase()};v=${v2?.[3] ?? "1"}`;
}
