import { globSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { countByExtractor, countByOracle } from "./count-document.ts";
import type { Counts } from "./count-document.ts";
import { measureInTurns } from "./measure-in-turns.ts";

const goal = 5;
const rounds = 11;

/**
 * `pnpm odata:corpus [folder…]`: parses every .xml file below the folders, or below EDMX_CORPUS, and compares counts and
 * time with @sap-ux/edmx-parser. Exits with 1 when a count differs or the goal is missed.
 */
const folders = process.argv.slice(2).length > 0 ? process.argv.slice(2) : [process.env["EDMX_CORPUS"] ?? ""];
const missing = folders.filter(
  (folder) => folder === "" || !statSync(folder, { throwIfNoEntry: false })?.isDirectory(),
);
const documents = folders
  .filter((folder) => !missing.includes(folder))
  .flatMap((folder) => globSync("**/*.xml", { cwd: resolve(folder) }).map((name) => join(folder, name)))
  .toSorted()
  .map((name) => ({ name, xml: readFileSync(name, "utf8") }));
if (missing.length > 0 || documents.length === 0) {
  console.error(
    `No $metadata documents (*.xml) in ${folders.join(", ") || "EDMX_CORPUS"}: name a folder that has some.`,
  );
  process.exit(1);
}

const total = { entitySets: 0, keys: 0, imports: 0, boundOperations: 0 };
const parsed: string[] = [];
const refused: string[] = [];
const differing: string[] = [];
for (const { name, xml } of documents) {
  const own = countByExtractor(xml);
  if (typeof own === "string") {
    refused.push(name);
    console.log(`refused  ${name}: ${own}`);
    continue;
  }
  parsed.push(xml);
  for (const key of Object.keys(total) as (keyof Counts)[]) total[key] += own[key];
  const difference = differenceOf(own, xml);
  if (difference !== undefined) {
    differing.push(name);
    console.log(`differs  ${name}: ${difference}`);
  }
}

const bytes = parsed.reduce((sum, xml) => sum + Buffer.byteLength(xml), 0);
const { own, oracle } = measureInTurns({ own: countByExtractor, oracle: countByOracle }, parsed, rounds);
const perMb = (ms: number) => Math.round((ms / (bytes / 1e6)) * 100) / 100;
const faster = Math.round((oracle / own) * 10) / 10;
console.table({
  "this extractor": { "ms per MB": perMb(own), "ms in all": Math.round(own) },
  "@sap-ux/edmx-parser": { "ms per MB": perMb(oracle), "ms in all": Math.round(oracle) },
});
console.log(`${documents.length} documents, ${(bytes / 1e6).toFixed(1)} MB parsed, ${refused.length} refused.`);
console.log(`${differing.length === 0 ? "met   " : "MISSED"} counts equal edmx-parser's: ${differing.length} differ`);
console.log(`${faster >= goal ? "met   " : "MISSED"} at least ${goal} times faster: ${faster}`);
console.log(
  JSON.stringify({
    corpus: { documents: documents.length, refused: refused.length, differing: differing.length, bytes, ...total },
    msPerMb: { own: perMb(own), edmxParser: perMb(oracle) },
    faster,
    rounds,
    node: process.version,
  }),
);
process.exitCode = differing.length === 0 && faster >= goal ? 0 : 1;

function differenceOf(counts: Counts, xml: string): string | undefined {
  let expected: Counts;
  try {
    expected = countByOracle(xml);
  } catch (error) {
    return `edmx-parser fails (${error instanceof Error ? error.message : String(error)})`;
  }
  const wrong = (Object.keys(expected) as (keyof Counts)[]).filter((key) => counts[key] !== expected[key]);
  return wrong.length === 0
    ? undefined
    : wrong.map((key) => `${key} ${counts[key]}, edmx-parser ${expected[key]}`).join("; ");
}
