import { normalizeValue } from "./edm-value.ts";
import type { LiteralNode } from "./filter-tree.ts";
import { formatLiteral } from "./format-literal.ts";
import { refuseQuery, valueOrRefuse } from "./refused-query.ts";
import type { PathTarget } from "./resolve-path.ts";
import type { ServiceModel } from "./service-model.ts";
import { toCapitals } from "./to-capitals.ts";

interface LiteralPlace {
  /** What the literal is compared with. */
  readonly wanted: PathTarget | undefined;
  readonly corrections: string[];
}

/** A literal of the type that stands opposite. What a text had otherwise is noted as a correction. */
export function writeFilterLiteral(model: ServiceModel, literal: LiteralNode, place: LiteralPlace): string {
  const { wanted, corrections } = place;
  if (literal.value === null) return "null";
  const type = wanted?.type;
  if (wanted === undefined || type === undefined) return writeUntyped(model, literal);
  const value = literal.written === undefined ? literal.value : plainOf(model, type, literal);
  const field = { name: wanted.path, type };
  const cased = wanted.property?.upperCase === true && typeof value === "string" ? toCapitals(value) : value;
  const right = valueOrRefuse(formatLiteral(model, field, cased));
  const written =
    literal.written ?? (typeof value === "string" ? valueOrRefuse(formatLiteral(model, field, value)) : right);
  if (!isSame(type, written, right)) corrections.push(`${written} → ${right} (${wanted.path} is ${shortOf(type)})`);
  return right;
}

/** The value in a literal of a text. Between quotes and prefixes the type decides which is meant. */
function plainOf(model: ServiceModel, type: string, { value, written = "", quoted }: LiteralNode): string {
  const text = String(value);
  if (quoted) return text;
  const isText = type === "Edm.String";
  if (isText && written.endsWith("'"))
    refuseQuery(`${written.slice(0, 60)} is compared with a text.`, "Write the text in quotes, as SAP shows it.");
  if (isText) return text;
  return model.enumTypes.has(type) && written.endsWith("'") ? text.slice(text.indexOf("'") + 1, -1) : text;
}

/** Nothing says what is wanted: opposite stands another literal, or a property that the service does not declare. */
function writeUntyped(model: ServiceModel, { value, written, quoted }: LiteralNode): string {
  if (written !== undefined && quoted !== true) return written;
  const isScalar = typeof value === "number" || typeof value === "boolean";
  if (isScalar) {
    const type = typeof value === "boolean" ? "Edm.Boolean" : Number.isInteger(value) ? "Edm.Int64" : "Edm.Double";
    return valueOrRefuse(normalizeValue(model, { name: "value", type }, value));
  }
  return valueOrRefuse(formatLiteral(model, { name: "value", type: "Edm.String" }, value));
}

function isSame(type: string, written: string, right: string): boolean {
  if (type === "Edm.String") return written === right;
  // Upper and lower case of a suffix or a prefix make no difference.
  return written.toLowerCase() === right.toLowerCase();
}

function shortOf(type: string): string {
  return type.startsWith("Edm.") ? type : `the enumeration ${type}`;
}
