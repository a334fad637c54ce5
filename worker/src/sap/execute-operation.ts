import type { InputOf, OutputOf } from "@sap-mcp/shared/contracts/define-job.ts";
import type { executeEntityOperation } from "@sap-mcp/shared/contracts/execute-entity-operation.ts";
import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { addWarnings } from "../odata/add-warnings.ts";
import { explainCapitals } from "../odata/explain-capitals.ts";
import { answerRows, resumeRows } from "./answer-rows.ts";
import { locateEntitySet } from "./locate-service.ts";
import type { LocatedEntitySet } from "./locate-service.ts";
import type { SapSystem } from "./open-sap-system.ts";
import { readRows, readSingle } from "./read-entities.ts";
import type { SapCall } from "./sap-call.ts";
import { changeEntity } from "./write-entity.ts";

type Contract = typeof executeEntityOperation;
type Operation = InputOf<Contract>["operation"];

/** What an operation brings back, besides the facts about where it ran. */
export type Result = Omit<OutputOf<Contract>, "destination" | "service" | "entitySet" | "navigation" | "operation">;

/** Arguments and query options that each operation has a use for; any other would be ignored without a word. */
const useful: Readonly<Record<Operation, readonly string[]>> = {
  read: ["filter", "navigation", "format", "maxChars", "cursor", "queryOptions"],
  "read-single": ["parameters", "queryOptions"],
  create: ["parameters", "navigation"],
  update: ["parameters", "etag"],
  replace: ["parameters", "etag"],
  delete: ["parameters", "etag"],
};
const ofOne: readonly string[] = ["$select", "$expand", "$count"];

/** Reads or changes entities of a set. */
export async function executeOperation(
  sap: SapSystem,
  input: InputOf<Contract>,
  call: SapCall,
): Promise<Outcome<OutputOf<Contract>>> {
  const { operation, cursor } = input;
  if (operation !== "read" && operation !== "read-single" && !sap.settings.allowWrites) {
    return fail("read-only", `This server only reads; ${operation} is switched off.`, {
      guidance:
        "The administrator switches writing on with SAP_ALLOW_WRITES=true. Do not try the change in another way.",
    });
  }
  const useless = findUseless(input);
  if (useless !== undefined) return useless;
  if (cursor !== undefined) return resumeRows(sap, { ...input, cursor }, call);
  const located = await locateEntitySet(sap, input, call);
  if (!located.ok) return located;
  const { contact, service, model, set } = located.value;
  const origin = {
    destination: contact.destination.name,
    service: { id: service.id, odataVersion: model.odataVersion },
    entitySet: set.name,
    operation,
  };
  if (operation === "read") {
    const { parameters = {}, navigation, filter, queryOptions } = input;
    const read = await readRows(located.value, { parameters, navigation, options: { ...queryOptions, filter } });
    if (!read.ok) return read;
    const place = {
      ...origin,
      entitySet: read.value.entitySet ?? set.name,
      ...(navigation !== undefined && { navigation }),
    };
    const warnings = [...explainCapitals(model, { ...set.type, row: parameters }), ...read.value.warnings];
    return succeed(await answerRows({ sap, input, call }, place, { ...read.value, warnings }));
  }
  const done = await run(located.value, { ...input, operation });
  return done.ok ? succeed({ ...origin, ...done.value }) : done;
}

function findUseless(input: InputOf<Contract>): ReturnType<typeof fail> | undefined {
  const { operation, parameters = {}, navigation, cursor, queryOptions = {} } = input;
  const { serviceId: _service, entityName: _set, operation: _operation, destination: _destination, ...others } = input;
  const isSet = (value: unknown) =>
    value !== undefined && !(typeof value === "object" && Object.keys(value ?? {}).length === 0);
  if (operation === "read" && isSet(parameters) && navigation === undefined && cursor === undefined) {
    return fail("invalid-input", "read has no use for parameters without navigation.", {
      guidance: "Use filter, or read-single to read one entity by its key.",
    });
  }
  const argument = Object.entries(others).find(
    ([name, value]) =>
      isSet(value) && name !== (operation === "read" ? "parameters" : "") && !useful[operation].includes(name),
  );
  if (argument !== undefined) {
    return fail("invalid-input", `${operation} has no use for ${argument[0]}.`, {
      guidance:
        argument[0] === "navigation" && operation === "read-single"
          ? "Use operation read: with the key in parameters it brings what navigation leads to."
          : `It takes ${useful[operation].join(", ")}.`,
    });
  }
  const option = operation === "read" ? undefined : Object.keys(queryOptions).find((name) => !ofOne.includes(name));
  if (option !== undefined) return fail("invalid-input", `${operation} has no use for the query option ${option}.`);
  return undefined;
}

interface Arguments extends Pick<InputOf<Contract>, "parameters" | "queryOptions" | "navigation" | "etag"> {
  readonly operation: Exclude<Operation, "read">;
}

async function run(
  located: LocatedEntitySet,
  { operation, parameters = {}, queryOptions = {}, navigation, etag }: Arguments,
): Promise<Outcome<Result>> {
  switch (operation) {
    case "read-single": {
      const read = await readSingle(located, parameters, queryOptions);
      const { model, set } = located;
      return read.ok
        ? succeed(addWarnings(read.value, explainCapitals(model, { ...set.type, row: parameters })))
        : read;
    }
    case "create":
    case "update":
    case "replace":
    case "delete":
      return changeEntity(located, { operation, parameters, navigation }, etag);
  }
}
