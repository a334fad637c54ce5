import type { InputOf, OutputOf } from "@sap-mcp/shared/contracts/define-job.ts";
import type { executeEntityOperation } from "@sap-mcp/shared/contracts/execute-entity-operation.ts";
import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { QueryOptions } from "../odata/build-query.ts";
import type { Row } from "../odata/format-key.ts";
import { locateEntitySet } from "./locate-service.ts";
import type { LocatedEntitySet } from "./locate-service.ts";
import type { SapSystem } from "./open-sap-system.ts";
import { readRows, readSingle } from "./read-entities.ts";
import type { SapCall } from "./sap-call.ts";
import { createEntity, deleteEntity, updateEntity } from "./write-entity.ts";

type Contract = typeof executeEntityOperation;
type Operation = InputOf<Contract>["operation"];

/** What an operation brings back, besides the facts about where it ran. */
export type Result = Omit<OutputOf<Contract>, "destination" | "service" | "entitySet" | "operation">;

/** Query options that each operation has a use for; any other would be ignored without a word. */
const usefulOptions: Readonly<Record<Operation, readonly string[]>> = {
  read: ["$filter", "$select", "$expand", "$orderby", "$top", "$skip", "$search"],
  "read-single": ["$select", "$expand"],
  create: [],
  update: [],
  delete: [],
};

/** Reads or changes entities of a set. */
export async function executeOperation(
  sap: SapSystem,
  input: InputOf<Contract>,
  call: SapCall,
): Promise<Outcome<OutputOf<Contract>>> {
  const { operation, parameters = {}, queryOptions = {} } = input;
  if (operation !== "read" && operation !== "read-single" && !sap.settings.allowWrites) {
    return fail("read-only", `This server only reads; ${operation} is switched off.`, {
      guidance:
        "The administrator switches writing on with SAP_ALLOW_WRITES=true. Do not try the change in another way.",
    });
  }
  const useless = Object.keys(queryOptions).find((option) => !usefulOptions[operation].includes(option));
  if (useless !== undefined) return fail("invalid-input", `${operation} has no use for the query option ${useless}.`);
  if (operation === "read" && Object.keys(parameters).length > 0) {
    return fail("invalid-input", "read has no use for parameters.", {
      guidance: "Use $filter in queryOptions, or read-single to read one entity by its key.",
    });
  }
  const located = await locateEntitySet(sap, input, call);
  if (!located.ok) return located;
  const { contact, service, model, set } = located.value;
  const done = await run(located.value, { operation, parameters, queryOptions });
  if (!done.ok) return done;
  const reference = { id: service.id, odataVersion: model.odataVersion };
  return succeed({
    destination: contact.destination.name,
    service: reference,
    entitySet: set.name,
    operation,
    ...done.value,
  });
}

interface Arguments {
  readonly operation: Operation;
  readonly parameters: Row;
  readonly queryOptions: QueryOptions;
}

function run(located: LocatedEntitySet, { operation, parameters, queryOptions }: Arguments): Promise<Outcome<Result>> {
  switch (operation) {
    case "read":
      return readRows(located, queryOptions);
    case "read-single":
      return readSingle(located, parameters, queryOptions);
    case "create":
      return createEntity(located, parameters);
    case "update":
      return updateEntity(located, parameters);
    case "delete":
      return deleteEntity(located, parameters);
  }
}
