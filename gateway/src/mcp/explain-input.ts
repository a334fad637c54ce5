import type { JobContract } from "@sap-mcp/shared/contracts/define-job.ts";
import type { Failure } from "@sap-mcp/shared/failure.ts";
import { suggestNames } from "@sap-mcp/shared/suggest-names.ts";
import { z } from "zod";

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

/** What models call the fields and the key of an entity. */
const synonyms: Readonly<Record<string, string>> = {
  key: "parameters",
  keys: "parameters",
  data: "parameters",
  body: "parameters",
  fields: "parameters",
  values: "parameters",
};

/** Wrong arguments are a failed call and not a protocol error, so that the model sees what to mend (SEP-1303). */
export function explainInput(contract: JobContract, error: z.ZodError): Failure {
  const schema = z.toJSONSchema(contract.input, { io: "input" }) as Schema;
  const hints = error.issues.map((issue) => explainIssue(schema, issue));
  return {
    kind: "invalid-input",
    message: `The arguments of ${contract.name} are wrong. ${z.prettifyError(error)}`,
    guidance: [...new Set(hints)].join(" "),
  };
}

function explainIssue(schema: Schema, issue: z.core.$ZodIssue): string {
  const place = schemaAt(schema, issue.path);
  if (issue.code !== "unrecognized_keys") {
    return place?.description === undefined
      ? listOf(schema, "Arguments")
      : `${issue.path.join(".")}: ${place.description}.`;
  }
  const level = place ?? schema;
  const known = pathsOf(schema);
  const nearest = issue.keys.map((name) => `"${name}" may be "${nearestPath(name, level, known)}".`);
  return `${nearest.join(" ")} ${listOf(level, issue.path.length === 0 ? "Arguments" : issue.path.join("."))}`;
}

function listOf(level: Schema, what: string): string {
  return `${what}: ${Object.keys(level.properties ?? {}).join(", ")}.`;
}

/** Of all arguments the one that is most likely meant, those of the same level first. */
function nearestPath(name: string, level: Schema, known: readonly string[]): string {
  const synonym = synonyms[name.toLowerCase()];
  if (synonym !== undefined && level.properties?.[synonym] !== undefined) return synonym;
  const same = known.find(
    (path) => leafOf(path).replace("$", "").toLowerCase() === name.replace("$", "").toLowerCase(),
  );
  const [leaf = ""] = suggestNames(name, new Set(known.map(leafOf)), 1);
  return same ?? known.find((path) => leafOf(path) === leaf) ?? leaf;
}

function leafOf(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

/** Every argument with those within it: `queryOptions`, `queryOptions.$top`. */
function pathsOf(schema: Schema): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => [
    name,
    ...pathsOf(inner).map((path) => `${name}.${path}`),
  ]);
}

function schemaAt(schema: Schema, path: readonly PropertyKey[]): Schema | undefined {
  let level: Schema | undefined = schema;
  for (const step of path) level = typeof step === "number" ? level?.items : level?.properties?.[String(step)];
  return level;
}
