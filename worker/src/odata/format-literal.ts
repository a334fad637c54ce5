import { succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { normalizeValue } from "./edm-value.ts";
import type { ValueField } from "./edm-value.ts";
import type { ServiceModel } from "./service-model.ts";

/** A value as a literal of a URL, not yet percent-encoded. Only a value of the type passes, so none can end its literal early. */
export function formatLiteral(model: ServiceModel, field: ValueField, value: unknown): Outcome<string> {
  const text = normalizeValue(model, field, value);
  return text.ok ? succeed(wrap(model, field.type, text.value)) : text;
}

function wrap(model: ServiceModel, type: string, text: string): string {
  if (type === "Edm.String") return `'${text.replaceAll("'", "''")}'`;
  if (model.odataVersion === "V2") return wrapV2(type, text);
  if (type === "Edm.Duration") return `duration'${text}'`;
  if (type === "Edm.Binary") return `binary'${text.replaceAll("+", "-").replaceAll("/", "_")}'`;
  return model.enumTypes.has(type) ? `${type}'${text}'` : text;
}

function wrapV2(type: string, text: string): string {
  switch (type) {
    case "Edm.DateTime":
      return `datetime'${text}'`;
    case "Edm.DateTimeOffset":
      return `datetimeoffset'${text}'`;
    case "Edm.Time":
      return `time'${text}'`;
    case "Edm.Guid":
      return `guid'${text}'`;
    case "Edm.Binary":
      return `X'${Buffer.from(text, "base64").toString("hex").toUpperCase()}'`;
    case "Edm.Decimal":
      return `${text}M`;
    case "Edm.Int64":
      return `${text}L`;
    case "Edm.Double":
      return /^-?[\d.]+$/.test(text) ? `${text}d` : text;
    case "Edm.Single":
      return /^-?[\d.]+$/.test(text) ? `${text}f` : text;
    default:
      return text;
  }
}
