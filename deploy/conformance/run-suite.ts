import { execFile } from "node:child_process";
import { glob, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(import.meta.resolve("@modelcontextprotocol/conformance/dist/index.js"));
const timeoutMs = 600_000;

/** One thing that a scenario looks at; other fields are left out. */
interface Check {
  readonly name: string;
  readonly status: "SUCCESS" | "FAILURE" | "WARNING" | "SKIPPED" | "INFO";
  readonly errorMessage?: string;
}

export interface Scenario {
  readonly name: string;
  /** Whether the revision requires it; the suite runs others for information. */
  readonly isRequired: boolean;
  /** Empty where the suite did not run it, which counts as failed. */
  readonly checks: readonly Check[];
}

export interface SuiteRun {
  /** Base URL of the MCP endpoint. */
  readonly url: string;
  /** Date of the specification's revision. */
  readonly revision: string;
  /** Where the suite's results go. */
  readonly outputDir: string;
  readonly signal: AbortSignal;
}

/** Runs the official suite for one revision and reads what it found. */
export async function runSuite({ url, revision, outputDir, signal }: SuiteRun): Promise<readonly Scenario[]> {
  const required = requiredIn(await runProgram(["list", "--requirements", revision], signal));
  if (required.length === 0) throw new Error(`The suite names no scenarios for ${revision}.`);
  const args = ["server", "--url", url, "--requirements", revision, "--output-dir", outputDir];
  await writeFile(join(outputDir, `${revision}.log`), await runProgram(args, signal));
  return readScenarios(outputDir, required);
}

/** Runs the suite's scenarios of an extension, all of which are required: those whose name begins with `prefix`. */
export async function runExtension(run: Omit<SuiteRun, "revision"> & { prefix: string }): Promise<readonly Scenario[]> {
  const { url, prefix, outputDir, signal } = run;
  const listed = namesIn(await runProgram(["list", "--server"], signal));
  const required = listed.filter((name) => name.startsWith(prefix));
  if (required.length === 0) throw new Error(`The suite has no scenarios that begin with ${prefix}.`);
  for (const name of required) {
    const args = ["server", "--url", url, "--scenario", name, "--output-dir", outputDir];
    await writeFile(join(outputDir, `${name}.log`), await runProgram(args, signal));
  }
  return readScenarios(outputDir, required);
}

async function readScenarios(outputDir: string, required: readonly string[]): Promise<readonly Scenario[]> {
  const found = new Map(required.map((name): [string, Scenario] => [name, { name, isRequired: true, checks: [] }]));
  for await (const file of glob(join(outputDir, "server-*", "checks.json"))) {
    const name = scenarioOf(basename(dirname(file)));
    const checks = JSON.parse(await readFile(file, "utf8")) as readonly Check[];
    found.set(name, { name, isRequired: required.includes(name), checks });
  }
  return [...found.values()];
}

export function hasPassed({ checks }: Scenario): boolean {
  return checks.some((check) => check.status === "SUCCESS") && checks.every((check) => check.status !== "FAILURE");
}

/** Whether the suite itself left the scenario out. */
export function wasSkipped({ checks }: Scenario): boolean {
  return checks.length > 0 && checks.every((check) => check.status === "SKIPPED");
}

/** The server's part of what `list --requirements` prints. */
function requiredIn(listing: string): readonly string[] {
  const section = /Server scenarios[^\n]*\n((?: {2}- [^\n]+\n)+)/.exec(listing)?.[1] ?? "";
  return namesIn(section);
}

function namesIn(listing: string): readonly string[] {
  return Array.from(listing.matchAll(/^ {2}- (\S+)/gm), ([, name]) => name as string);
}

/** The suite names a folder `server-{scenario}-{time}`. */
function scenarioOf(folder: string): string {
  return folder.replace(/^server-/, "").replace(/-\d{4}-\d{2}-\d{2}T[\d-]+Z$/, "");
}

/** What the suite prints; it ends with 1 when a scenario failed, which its result files tell better. */
function runProgram(args: readonly string[], signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { signal, timeout: timeoutMs, maxBuffer: 64 * 1_048_576 };
    execFile(process.execPath, [program, ...args], options, (error, stdout, stderr) => {
      if (error === null || error.code === 1) resolve(stdout + stderr);
      else reject(error);
    });
  });
}
