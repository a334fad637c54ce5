import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { z } from "zod";
import type { SapAnswer } from "./answer.ts";
import { parseJsonExactly } from "./parse-json.ts";
import type { ODataVersion } from "./service-model.ts";
import { pathOfLink } from "./service-path.ts";

export const catalogPaths = {
  V2: "/sap/opu/odata/IWFND/CATALOGSERVICE;v=2/ServiceCollection",
  V4: "/sap/opu/odata4/iwfnd/config/default/iwfnd/catalog/0002/ServiceGroups?$expand=DefaultSystem($expand=Services)",
} as const satisfies Record<ODataVersion, string>;

/** Path of the part of the V2 catalog in which each word stands in the name, the title or the description of a service. */
export function catalogSearchPath(words: readonly string[]): string {
  // SAP compares by case: names are in capital letters, titles mostly begin their words with one.
  const condition = (word: string) => {
    const spellings = new Set([
      word,
      word.toUpperCase(),
      word.toLowerCase(),
      `${word.charAt(0).toUpperCase()}${word.slice(1).toLowerCase()}`,
    ]);
    const places = [
      ["TechnicalServiceName", [word.toUpperCase()]],
      ["Title", [...spellings]],
      ["Description", [...spellings]],
    ] as const;
    return places.flatMap(([field, texts]) => texts.map((text) => `substringof(${quote(text)},${field})`)).join(" or ");
  };
  return filteredPath(words.map((word) => `(${condition(word)})`).join(" and "));
}

/** Path of the services with a technical name in the V2 catalog. */
export function catalogEntryPath(technicalName: string): string {
  return filteredPath(`TechnicalServiceName eq ${quote(technicalName)}`);
}

function filteredPath(filter: string): string {
  return `${catalogPaths.V2}?$filter=${encodeURIComponent(filter)}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A service as a catalog lists it; `path` is relative to the destination and ends without a slash. */
export interface ListedService {
  readonly technicalName: string;
  readonly version: number;
  readonly title: string;
  readonly description?: string;
  readonly odataVersion: ODataVersion;
  readonly path: string;
}

export interface CatalogPage {
  readonly services: ListedService[];
  /** Link to the rest, as SAP wrote it. */
  readonly next?: string;
}

const text = z.string().nullish();

const pageV2 = z.object({
  d: z.object({
    results: z.array(
      z.object({
        ID: text,
        TechnicalServiceName: text,
        TechnicalServiceVersion: z.union([z.number(), z.string()]).nullish(),
        Title: text,
        Description: text,
        ServiceUrl: text,
      }),
    ),
    __next: text,
  }),
});

const pageV4 = z.object({
  value: z.array(
    z.object({
      DefaultSystem: z
        .object({
          Services: z
            .array(
              z.object({
                ServiceId: text,
                ServiceVersion: text,
                ServiceAlias: text,
                Description: text,
                ServiceUrl: text,
              }),
            )
            .nullish(),
        })
        .nullish(),
    }),
  ),
  "@odata.nextLink": text,
});

/** The services in an answer of one of the two catalogs; entries without a usable URL are left out. */
export function readCatalogPage(
  odataVersion: ODataVersion,
  answer: SapAnswer,
  destinationPath: string,
): Outcome<CatalogPage> {
  const json = parseJsonExactly(answer.body);
  const parsed = odataVersion === "V2" ? readV2(json) : readV4(json);
  if (parsed === undefined)
    return fail("bad-answer", `The ${odataVersion} catalog of services answered with something that is no catalog.`);
  const services = parsed.entries.flatMap((entry) => {
    const path = pathOfLink(entry.url, { destinationPath, requestPath: catalogPaths[odataVersion] })
      ?.replace(/[?].*$/, "")
      .replace(/\/+$/, "");
    if (path === undefined || path === "" || entry.name === "") return [];
    // Many services have their technical name as their title.
    const title = [entry.title, entry.description].find((it) => it !== "" && it !== entry.name) ?? entry.name;
    return [
      {
        technicalName: entry.name,
        version: Number.isInteger(entry.version) && entry.version > 0 ? entry.version : 1,
        title,
        ...(entry.description && entry.description !== title && { description: entry.description }),
        odataVersion,
        path,
      },
    ];
  });
  return succeed({ services, ...(parsed.next && { next: parsed.next }) });
}

interface CatalogEntry {
  readonly name: string;
  readonly version: number;
  readonly title: string;
  readonly description: string;
  readonly url: string;
}

function readV2(json: unknown): { entries: CatalogEntry[]; next: string | null | undefined } | undefined {
  const page = pageV2.safeParse(json);
  if (!page.success) return undefined;
  const entries = page.data.d.results.map((it) => ({
    name: it.TechnicalServiceName ?? it.ID ?? "",
    version: Number(it.TechnicalServiceVersion ?? 1),
    title: it.Title ?? "",
    description: it.Description ?? "",
    url: it.ServiceUrl ?? "",
  }));
  return { entries, next: page.data.d.__next };
}

function readV4(json: unknown): { entries: CatalogEntry[]; next: string | null | undefined } | undefined {
  const page = pageV4.safeParse(json);
  if (!page.success) return undefined;
  const services = page.data.value.flatMap((group) => group.DefaultSystem?.Services ?? []);
  const entries = services.map((it) => ({
    name: it.ServiceId ?? "",
    version: Number(it.ServiceVersion ?? 1),
    title: "",
    description: it.Description ?? "",
    url: it.ServiceUrl ?? "",
  }));
  return { entries, next: page.data["@odata.nextLink"] };
}
