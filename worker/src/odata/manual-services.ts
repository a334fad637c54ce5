import { z } from "zod";
import type { ListedService } from "./read-catalog.ts";

/** Services by the name of their destination; under an empty name those of the default destination. */
export type ManualServices = ReadonlyMap<string, readonly ListedService[]>;

const serviceSchema = z.union([
  z.string(),
  z.strictObject({
    path: z.string(),
    id: z.string().min(1).optional(),
    title: z.string().optional(),
    description: z.string().optional(),
    odataVersion: z.enum(["V2", "V4"]).optional(),
  }),
]);
const listSchema = z.array(serviceSchema);
const manualSchema = z.union([listSchema, z.record(z.string(), listSchema)]);

/**
 * Reads a list of paths with commas, a JSON array of paths or of `{ path, id, title, description, odataVersion }`, or a
 * JSON object of such arrays by destination. A string says what is wrong.
 */
export function parseManualServices(text: string): ManualServices | string {
  const given = text.trim().startsWith("[") || text.trim().startsWith("{") ? parseJson(text) : splitPaths(text);
  const parsed = manualSchema.safeParse(given);
  if (!parsed.success)
    return "must be paths with commas, a JSON array of paths or services, or such arrays by destination";
  const byDestination = Array.isArray(parsed.data) ? { "": parsed.data } : parsed.data;
  const wrong = Object.values(byDestination)
    .flat()
    .find((service) => !pathOf(service).startsWith("/"));
  if (wrong !== undefined) return `${pathOf(wrong)}: a path begins with a slash`;
  return new Map(Object.entries(byDestination).map(([name, services]) => [name, services.map(listService)]));
}

type Given = z.output<typeof serviceSchema>;

function listService(given: Given): ListedService {
  const path = pathOf(given).replace(/\/+$/, "");
  const { id, title, description, odataVersion } = typeof given === "string" ? {} : given;
  const technicalName = id ?? nameIn(path);
  return {
    technicalName,
    version: 1,
    title: title ?? technicalName,
    ...(description !== undefined && { description }),
    odataVersion: odataVersion ?? (path.includes("/odata4/") ? "V4" : "V2"),
    path,
  };
}

/** The last part of the path that is not a version, as in `/odata4/sap/api_product/srvd_a2x/sap/product/0001`. */
function nameIn(path: string): string {
  const parts = path.split("/").filter((part) => part !== "" && !/^v?\d+$/.test(part));
  return parts.at(-1)?.replace(/;v=\d+$/, "") ?? path;
}

function pathOf(given: Given): string {
  return typeof given === "string" ? given : given.path;
}

function splitPaths(text: string): string[] {
  return text
    .split(",")
    .map((path) => path.trim())
    .filter((path) => path !== "");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
