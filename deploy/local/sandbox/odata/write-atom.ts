import type { Field, Row, Value } from "../model/field.ts";
import type { EntitySet } from "../services/entity-set.ts";
import { textOf } from "./encode-value.ts";
import type { QueryOptions } from "./query-options.ts";
import type { Shape } from "./shape.ts";
import type { EntityList } from "./write-answer.ts";
import { canonicalPath, etagOf } from "./write-entity.ts";
import type { WriteContext } from "./write-entity.ts";
import { element, escapeXml } from "./xml-text.ts";

const dataServices = "http://schemas.microsoft.com/ado/2007/08/dataservices";
const declaration = '<?xml version="1.0" encoding="utf-8"?>';

/** V2 as it was before JSON, and as it still comes when nobody asks for JSON. */
export function writeAtomFeed(list: EntityList, options: QueryOptions, context: WriteContext): string {
  const { set, rows, count, next } = list;
  const feed = element("feed", rootAttributes(context), [
    `<id>${escapeXml(`${context.serviceUrl}/${set.name}`)}</id>`,
    `<title type="text">${set.name}</title>`,
    ...(count === undefined ? [] : [`<m:count>${count}</m:count>`]),
    ...rows.map((row) => writeEntry(row, set, options, context)),
    ...(next === undefined ? [] : [element("link", { rel: "next", href: `${context.serviceUrl}/${next}` })]),
  ]);
  return declaration + feed;
}

export function writeAtomEntry(row: Row, set: EntitySet, options: QueryOptions, context: WriteContext): string {
  return declaration + writeEntry(row, set, options, { ...context, root: true });
}

export function writeAtomComplex(row: Row, shape: Shape, name: string): string {
  const attributes = { xmlns: dataServices, "xmlns:m": `${dataServices}/metadata`, "m:type": shape.typeName };
  const fields = [...shape.fields.values()];
  return (
    declaration +
    element(
      name,
      attributes,
      fields.map((field) => writeProperty("", field, row.values[field.name])),
    )
  );
}

/** A property that is read by itself. */
export function writeXmlProperty(row: Row, { name, kind }: Pick<Field, "name" | "kind">): string {
  const attributes = { xmlns: dataServices, "xmlns:m": `${dataServices}/metadata` };
  const value = row.values[name] ?? null;
  return (
    declaration +
    (value === null
      ? element(name, { ...attributes, "m:null": true })
      : element(name, attributes, [escapeXml(textOf(value, kind))]))
  );
}

function rootAttributes({ serviceUrl }: WriteContext): Record<string, string> {
  return {
    xmlns: "http://www.w3.org/2005/Atom",
    "xmlns:m": `${dataServices}/metadata`,
    "xmlns:d": dataServices,
    "xml:base": `${serviceUrl}/`,
  };
}

function writeEntry(
  row: Row,
  set: EntitySet,
  options: QueryOptions,
  context: WriteContext & { root?: boolean },
): string {
  const path = canonicalPath(row, set);
  const attributes = { ...(context.root === true && rootAttributes(context)), "m:etag": etagOf(row, "V2") };
  const fields = [...set.fields.values()].filter(
    ({ name }) => options.select === undefined || options.select.has(name),
  );
  const inner = { ...context, root: false };
  return element("entry", attributes, [
    `<id>${escapeXml(`${context.serviceUrl}/${path}`)}</id>`,
    `<title type="text">${escapeXml(path)}</title>`,
    element("category", { term: set.qualifiedTypeName, scheme: `${dataServices}/scheme` }),
    element("link", { href: path, rel: "edit", title: set.typeName }),
    ...[...set.navigations.values()].map(({ name, many, target, follow }) => {
      const type = `application/atom+xml;type=${many ? "feed" : "entry"}`;
      const nested = options.expand.get(name);
      const entries = nested === undefined ? [] : follow(row).map((found) => writeEntry(found, target, nested, inner));
      const inline =
        nested === undefined ? [] : [element("m:inline", {}, many ? [element("feed", {}, entries)] : entries)];
      return element(
        "link",
        { href: `${path}/${name}`, rel: `${dataServices}/related/${name}`, type, title: name },
        inline,
      );
    }),
    element("content", { type: "application/xml" }, [
      element(
        "m:properties",
        {},
        fields.map((field) => writeProperty("d:", field, row.values[field.name])),
      ),
    ]),
  ]);
}

function writeProperty(prefix: string, { name, kind }: Field, value: Value | undefined): string {
  if (value === null || value === undefined) return element(`${prefix}${name}`, { "m:null": true });
  return `<${prefix}${name}>${escapeXml(textOf(value, kind))}</${prefix}${name}>`;
}
