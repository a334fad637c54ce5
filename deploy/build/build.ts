import { readFile, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";

const root = new URL("../../", import.meta.url);

for (const name of ["gateway", "worker"]) {
  const file = await bundle(name);
  const { size } = await stat(file);
  console.log(`${name}/dist/main.js  ${Math.round(size / 1024)} KB`);
}

/** Bundles a process into one file. What its package.json lists stays an import; all else comes into the bundle. */
async function bundle(name: string): Promise<string> {
  const { dependencies } = JSON.parse(await readFile(new URL(`${name}/package.json`, root), "utf8")) as {
    dependencies: Record<string, string>;
  };
  const outside = Object.keys(dependencies).filter((dependency) => !dependency.startsWith("@sap-mcp/"));
  const file = fileURLToPath(new URL(`${name}/dist/main.js`, root));
  await build({
    input: fileURLToPath(new URL(`${name}/src/main.ts`, root)),
    platform: "node",
    external: outside.map((dependency) => new RegExp(`^${dependency}(/|$)`)),
    output: { file, format: "esm", sourcemap: true, codeSplitting: false },
  });
  return file;
}
