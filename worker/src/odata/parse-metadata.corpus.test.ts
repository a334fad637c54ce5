import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseMetadata } from "./parse-metadata.ts";

/** A folder of $metadata documents of real services; without it there is nothing to test. */
// oxlint-disable-next-line node/no-process-env -- the folder belongs to the machine and not to the settings of a process
const corpus = process.env["EDMX_CORPUS"] ?? "";

describe.skipIf(corpus === "")("parseMetadata over a corpus", () => {
  const documents =
    corpus === ""
      ? []
      : globSync("**/*.xml", { cwd: corpus }).map((name) => ({ name, xml: readFileSync(join(corpus, name), "utf8") }));

  it("finds documents in the folder", () => {
    expect(documents.length).toBeGreaterThan(0);
  });

  it.each(documents.filter(({ xml }) => isWhole(xml)))("reads all entity sets of $name, each with a key", ({ xml }) => {
    const outcome = parseMetadata(xml);
    if (!outcome.ok) throw new Error(outcome.failure.message);
    const sets = [...outcome.value.entitySets.values()];
    expect(sets.length).toBe(xml.match(/<EntitySet /g)?.length);
    expect(sets.filter(({ type }) => type.keys.length === 0)).toEqual([]);
    expect(sets.flatMap(({ type }) => type.keys.filter((key) => !type.properties.has(key)))).toEqual([]);
  });

  it.each(documents.filter(({ xml }) => !isWhole(xml)))("refuses $name, which is cut off", ({ xml }) => {
    const outcome = parseMetadata(xml);
    expect(outcome.ok ? "parsed" : outcome.failure.message).toMatch(/unclosed tag|unexpected end/);
  });
});

function isWhole(xml: string): boolean {
  return xml.trimEnd().endsWith("</edmx:Edmx>");
}
