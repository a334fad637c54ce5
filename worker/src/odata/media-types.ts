import type { ODataVersion } from "./service-model.ts";

/** In V4, Int64 and Decimal are numbers unless strings are asked for; a number may lose digits where JSON is parsed. */
const exactNumbers = "IEEE754Compatible=true";

export function jsonAccept(odataVersion: ODataVersion): string {
  return odataVersion === "V2" ? "application/json" : `application/json;odata.metadata=minimal;${exactNumbers}`;
}

export function jsonContentType(odataVersion: ODataVersion): string {
  return odataVersion === "V2" ? "application/json" : `application/json;${exactNumbers}`;
}
