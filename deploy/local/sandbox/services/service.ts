import { createHash } from "node:crypto";
import type { Database } from "../data/database.ts";
import type { OperationDefinition, ServiceDefinition } from "../model/service-definition.ts";
import { describeV2 } from "../odata/metadata-v2.ts";
import { describeV4 } from "../odata/metadata-v4.ts";
import { bindEntitySets } from "./entity-set.ts";
import type { EntitySet } from "./entity-set.ts";

/** A service that answers: its description bound to the database. */
export interface Service {
  readonly definition: ServiceDefinition;
  readonly database: Database;
  readonly sets: ReadonlyMap<string, EntitySet>;
  /** Operations that stand at the service root. */
  readonly imports: ReadonlyMap<string, OperationDefinition>;
  readonly metadata: { readonly xml: string; readonly etag: string };
}

export function bindService(definition: ServiceDefinition, database: Database): Service {
  const sets = bindEntitySets(definition, database);
  const xml =
    definition.version === "V2" ? describeV2(definition, sets.values()) : describeV4(definition, sets.values());
  const unbound = definition.operations.filter((operation) => operation.boundTo === undefined);
  return {
    definition,
    database,
    sets,
    imports: new Map(unbound.map((operation) => [operation.name, operation])),
    metadata: { xml, etag: `W/"${createHash("sha256").update(xml).digest("hex").slice(0, 20)}"` },
  };
}
