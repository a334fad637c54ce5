import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findProgram } from "@sap-mcp/deploy/local/find-program.ts";
import { openLocalSystem } from "@sap-mcp/deploy/local/open-local-system.ts";

const scenariosDir = fileURLToPath(new URL("scenarios", import.meta.url));
const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopping.abort());

process.exitCode = await main(process.argv[2]);

/** `pnpm loadtest <scenario>`: starts the whole system here, runs k6 against it, and stops it again. */
async function main(scenario: string | undefined): Promise<number> {
  const scenarios = (await readdir(scenariosDir))
    .filter((file) => file !== "mcp.js")
    .map((file) => file.replace(/\.js$/, ""));
  if (scenario === undefined || !scenarios.includes(scenario)) {
    console.error(`Usage: pnpm loadtest <scenario>\n\nScenarios: ${scenarios.join(", ")}`);
    return 2;
  }
  const goBin = join(process.env.GOPATH ?? join(homedir(), "go"), "bin");
  const k6 = await findProgram(["k6"], [process.env.PATH ?? "", goBin].join(delimiter));
  if (k6 === undefined) {
    console.error("k6 is missing. Install it with: go install go.k6.io/k6@v1.8.1");
    return 2;
  }
  await using system = await openLocalSystem(
    { gateways: 2, workers: 2, port: 0, verbose: false },
    { report: (event) => console.log(`> ${event}`), onLine: () => undefined, signal: stopping.signal },
  );
  const child = spawn(k6, ["run", "--no-usage-report", "--quiet", join(scenariosDir, `${scenario}.js`)], {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, MCP_URL: `${system.url}/mcp`, HEALTH_URL: `${system.url}/health` },
    signal: stopping.signal,
  });
  const [code] = (await Promise.race([once(child, "exit"), system.failed])) as [number | null];
  return code ?? 1;
}
