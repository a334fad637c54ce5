import { readFile, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";

const root = new URL("../../", import.meta.url);

/** What is started by its file: the processes, and the thread in which the worker reads large documents. */
const entries = [
  { name: "gateway", source: "src/main.ts", bundled: "dist/main.js" },
  { name: "worker", source: "src/main.ts", bundled: "dist/main.js" },
  { name: "worker", source: "src/sap/metadata-thread.ts", bundled: "dist/metadata-thread.js" },
];

for (const entry of entries) {
  const { size } = await stat(await bundle(entry));
  console.log(`${entry.name}/${entry.bundled}  ${Math.round(size / 1024)} KB`);
}

/** Bundles an entry into one file. What its package.json lists stays an import; all else comes into the bundle. */
async function bundle({ name, source, bundled }: (typeof entries)[number]): Promise<string> {
  const { dependencies } = JSON.parse(await readFile(new URL(`${name}/package.json`, root), "utf8")) as {
    dependencies: Record<string, string>;
  };
  const outside = Object.keys(dependencies).filter((dependency) => !dependency.startsWith("@sap-mcp/"));
  const file = fileURLToPath(new URL(`${name}/${bundled}`, root));
  await build({
    input: fileURLToPath(new URL(`${name}/${source}`, root)),
    platform: "node",
    external: outside.map((dependency) => new RegExp(`^${dependency}(/|$)`)),
    output: { file, format: "esm", sourcemap: true, codeSplitting: false },
  });
  return file;
}
