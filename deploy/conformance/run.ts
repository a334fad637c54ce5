import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFixtureSystem } from "./open-fixture-system.ts";
import { hasPassed, runExtension, runSuite, wasSkipped } from "./run-suite.ts";
import type { Scenario } from "./run-suite.ts";

const revisions = ["2026-07-28", "2025-11-25"];

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopping.abort());
process.exitCode = (await run(stopping.signal).catch(explain)) ? 0 : 1;

/** True when the required scenarios of both revisions and of tasks passed and every process took part. */
async function run(signal: AbortSignal): Promise<boolean> {
  const report = (step: string) => console.log(`> ${step}`);
  const resultsDir = await mkdtemp(join(tmpdir(), "mcp-conformance-"));
  await using system = await openFixtureSystem(report, signal);
  const totals: string[] = [];
  let allPassed = true;
  const judge = async (title: string, runIn: (outputDir: string) => Promise<readonly Scenario[]>) => {
    report(`Running the suite for ${title}`);
    const outputDir = join(resultsDir, title);
    await mkdir(outputDir);
    const scenarios = await runIn(outputDir);
    for (const line of scenarios.flatMap(describeTrouble)) console.log(line);
    totals.push(describeTotals(title, scenarios));
    allPassed &&= scenarios.every((it) => !it.isRequired || hasPassed(it) || wasSkipped(it));
  };
  const { url } = system;
  for (const revision of revisions) {
    await judge(revision, (outputDir) => runSuite({ url, revision, outputDir, signal }));
  }
  await judge("tasks", (outputDir) => runExtension({ url, prefix: "tasks-", outputDir, signal }));
  console.log(`\n${totals.join("\n")}`);
  console.log(`Tool calls: ${Array.from(system.calls, ([name, calls]) => `${name} ${calls}`).join(", ")}`);
  console.log(`Results: ${resultsDir}`);
  const idle = [...system.calls].filter(([, calls]) => calls === 0).map(([name]) => name);
  if (idle.length > 0) console.log(`No call went through ${idle.join(", ")}, so this run proves nothing about them.`);
  return allPassed && idle.length === 0;
}

function explain(error: unknown): false {
  // Whoever pressed Ctrl-C wanted this end.
  console.error(stopping.signal.aborted ? "> Stopped" : error);
  return false;
}

function describeTotals(revision: string, scenarios: readonly Scenario[]): string {
  const skipped = scenarios.filter(wasSkipped).map((scenario) => scenario.name);
  const judged = scenarios.filter((scenario) => !wasSkipped(scenario));
  const required = judged.filter((scenario) => scenario.isRequired);
  const others = judged.filter((scenario) => !scenario.isRequired);
  const count = (status: string) => required.flatMap((it) => it.checks).filter((it) => it.status === status).length;
  return (
    `${revision}: ${required.filter(hasPassed).length} of ${required.length} required scenarios passed ` +
    `(checks: ${count("SUCCESS")} passed, ${count("FAILURE")} failed, ${count("WARNING")} warnings); ` +
    `not scored: ${others.filter(hasPassed).length} of ${others.length} passed` +
    (skipped.length > 0 ? `; skipped by the suite itself: ${skipped.join(", ")}` : "")
  );
}

/** What is not as it should be in a scenario: a line for each check, or for the first one where nothing depends on it. */
function describeTrouble({ name, isRequired, checks }: Scenario): string[] {
  if (checks.length === 0) return [`✗ ${name}: the suite did not run it`];
  const lines = checks
    .filter((check) => check.status === "FAILURE" || check.status === "WARNING")
    .map((check) => `${name}, ${check.name}, ${check.status}: ${check.errorMessage ?? "no reason given"}`);
  return isRequired ? lines.map((line) => `✗ ${line}`) : lines.slice(0, 1).map((line) => `  not scored: ${line}`);
}
