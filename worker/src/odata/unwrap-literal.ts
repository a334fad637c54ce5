import { isoOfJsonDate } from "./edm-time.ts";

const prefixes: Readonly<Record<string, RegExp>> = {
  "Edm.Guid": /^guid'(.*)'$/i,
  "Edm.DateTime": /^datetime(?:offset)?'(.*)'$/i,
  "Edm.DateTimeOffset": /^datetime(?:offset)?'(.*)'$/i,
  "Edm.Date": /^(?:datetime(?:offset)?|date)'(.*)'$/i,
  "Edm.Time": /^time'(.*)'$/i,
  "Edm.TimeOfDay": /^time(?:ofday)?'(.*)'$/i,
  "Edm.Duration": /^(?:duration|time)'(.*)'$/i,
};

const numeric = /^Edm\.(Byte|SByte|Int16|Int32|Int64|Decimal|Double|Single)$/;

/** The plain value in what is written as a literal of either version, or as a date of V2's JSON; any other text as it is. */
export function unwrapLiteral(type: string, text: string): string {
  if (text.startsWith("/Date(")) return isoOfJsonDate(text) ?? text;
  if (numeric.test(type)) return /^(-?\d.*)[mMlLdDfF]$/.exec(text)?.[1] ?? text;
  if (type === "Edm.Boolean") return text.toLowerCase();
  if (type === "Edm.Binary") {
    const hex = /^(?:X|binary)'((?:[0-9a-f]{2})*)'$/i.exec(text)?.[1];
    const base64 = /^binary'(.*)'$/i.exec(text)?.[1];
    return text.startsWith("X'") && hex !== undefined ? Buffer.from(hex, "hex").toString("base64") : (base64 ?? text);
  }
  return (Object.hasOwn(prefixes, type) ? prefixes[type]?.exec(text)?.[1] : undefined) ?? text;
}
