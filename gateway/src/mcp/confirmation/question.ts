import { z } from "zod";

const longestPart = 300;
const mostParts = 5;

const change = z.object({
  operation: z.string(),
  entityName: z.string().default(""),
  parameters: z.record(z.string(), z.unknown()).default({}),
});

/** What of a call's input a question is made of; every writing contract has some of it. */
const subjectSchema = z.object({
  serviceId: z.string(),
  operation: z.string().optional(),
  entityName: z.string().optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
  function: z.string().optional(),
  key: z.record(z.string(), z.unknown()).optional(),
  requests: z.array(change).optional(),
});

/**
 * What to ask the user before a call with this input, or undefined where nothing in it has one of the names: those of
 * operations, such as `delete`, and those of functions, with or without their namespace.
 */
export function questionOf(input: unknown, names: ReadonlySet<string>): string | undefined {
  if (names.size === 0) return undefined;
  const parsed = subjectSchema.safeParse(input);
  if (!parsed.success) return undefined;
  const { serviceId, operation, function: called, requests = [], entityName, parameters, key } = parsed.data;
  const changes = requests.filter((it) => names.has(it.operation));
  const parts = [
    ...(operation !== undefined && names.has(operation) ? [wordsOf(operation, entityName, parameters)] : []),
    ...(called !== undefined && names.has(shortNameOf(called))
      ? [wordsOf(`call ${called}`, entityName, { ...key, ...parameters })]
      : []),
    ...changes.slice(0, mostParts).map((it) => wordsOf(it.operation, it.entityName, it.parameters)),
  ];
  if (parts.length === 0) return undefined;
  const more = changes.length > mostParts ? ` and ${changes.length - mostParts} more changes of this kind` : "";
  return `Shall this be done in SAP (${serviceId})? ${parts.join("; ")}${more}`;
}

export function shortNameOf(name: string): string {
  return name.slice(Math.max(name.lastIndexOf("."), name.lastIndexOf("/")) + 1);
}

function wordsOf(verb: string, entityName = "", values: object = {}): string {
  const text = `${verb} ${entityName} ${JSON.stringify(values)}`.replace(/ +/g, " ");
  return text.length <= longestPart ? text : `${text.slice(0, longestPart)}…`;
}
