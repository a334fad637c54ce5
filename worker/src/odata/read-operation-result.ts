import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { SapAnswer } from "./answer.ts";
import type { Row } from "./format-key.ts";
import { parseJsonExactly } from "./parse-json.ts";
import { readEntity, readPage } from "./read-rows.ts";
import { shortNameOf } from "./service-model.ts";
import type { ServiceModel, ServiceOperation, StructuredType } from "./service-model.ts";

/** What a function or an action returned: rows, one entity or structured value, or a simple value or several. */
export interface OperationResult {
  readonly rows?: Row[];
  readonly entity?: Row;
  readonly value?: unknown;
  /** The link to further rows as SAP wrote it. */
  readonly next?: string;
}

/** Reads the answer to a call by what the service declares that it returns. */
export function readOperationResult(
  model: ServiceModel,
  operation: ServiceOperation,
  answer: SapAnswer,
): Outcome<OperationResult> {
  const { returns } = operation;
  if (answer.body.trim() === "" || returns === undefined) return succeed({});
  const content = contentOf(model, operation, answer);
  if (content === undefined) return readAsEntity(model, anyType, answer);
  const type = model.types.get(returns.type);
  if (type === undefined) return readSimple(model, returns, content);
  const plain = wrap(model, answer, content);
  if (!returns.many) return readAsEntity(model, type, plain);
  const page = readPage(model, type, plain);
  if (!page.ok) return page;
  const { rows, next } = page.value;
  return succeed({ rows, ...(next !== undefined && { next }) });
}

/** The content without the name of the import, into which V2 puts what is no entity. Undefined for what is no JSON. */
function contentOf(model: ServiceModel, operation: ServiceOperation, answer: SapAnswer): unknown {
  const json = parseJsonExactly(answer.body);
  if (!isObject(json) || model.odataVersion === "V4") return json;
  const content = json["d"];
  const name = shortNameOf(operation);
  return isObject(content) && name in content && Object.keys(content).every((it) => it === name || it === "__metadata")
    ? content[name]
    : content;
}

function wrap(model: ServiceModel, answer: SapAnswer, content: unknown): SapAnswer {
  return { ...answer, body: JSON.stringify(model.odataVersion === "V2" ? { d: content } : content) };
}

function readAsEntity(model: ServiceModel, type: StructuredType, answer: SapAnswer): Outcome<OperationResult> {
  const entity = readEntity(model, type, answer);
  return entity.ok ? succeed({ entity: entity.value.row }) : entity;
}

function readSimple(
  model: ServiceModel,
  { type, many }: { type: string; many: boolean },
  content: unknown,
): Outcome<OperationResult> {
  const value = isObject(content) ? (content["value"] ?? content["results"]) : content;
  if (many !== Array.isArray(value)) return fail("bad-answer", `SAP did not return ${many ? "values" : "a value"}.`);
  const property = { name: "value", type, many, nullable: true, not: [] };
  const holder: StructuredType = { ...anyType, properties: new Map([["value", property]]) };
  const read = readEntity(model, holder, wrap(model, { status: 200, headers: {}, body: "" }, { value }));
  return read.ok ? succeed({ value: read.value.row["value"] }) : read;
}

const anyType: StructuredType = {
  name: "",
  bases: [],
  keys: [],
  properties: new Map(),
  navigations: new Map(),
  open: true,
};

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
