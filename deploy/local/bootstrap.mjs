// Plain JavaScript for Node 20: it runs before anything is installed. It installs what the lockfile names and then
// starts its target with the Node 24 that came along. Linux and macOS only; on Windows use WSL.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const node24 = join(root, "node_modules/node/bin/node");
const targets = {
  start: ["deploy/local/main.ts"],
  test: ["node_modules/vitest/vitest.mjs", "run"],
};

let current;
let stoppedBy;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    stoppedBy = signal;
    current?.kill(signal);
  });
}
process.exitCode = await main(process.argv.slice(2));

async function main([name, ...args]) {
  const target = targets[name];
  if (target === undefined) return fail(`Say which of these to run: ${Object.keys(targets).join(", ")}`);
  if (process.platform === "win32") return fail("Windows is not supported; run this inside WSL.");
  const [major] = process.versions.node.split(".");
  if (Number(major) < 20) return fail(`Node 20 or newer is needed, and this is ${process.version}.`);
  const code = isInstalled() ? 0 : await install();
  if (code !== 0 || stoppedBy !== undefined) return code;
  return run(node24, [...target, ...args]);
}

/** Whether node_modules is what the lockfile says: pnpm leaves a copy of the lockfile there when it is done. */
function isInstalled() {
  const copy = join(root, "node_modules/.pnpm/lock.yaml");
  return (
    existsSync(node24) && existsSync(copy) && readFileSync(copy).equals(readFileSync(join(root, "pnpm-lock.yaml")))
  );
}

async function install() {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const npx = ["--yes", "--fetch-retries=1", packageManager];
  say(`Fetching ${packageManager} with npx`);
  if ((await run("npx", [...npx, "--version"])) !== 0) {
    if (stoppedBy !== undefined) return exitCodeOf(stoppedBy);
    return fail(
      `npm could not fetch ${packageManager}. Is the registry reachable (npm ping), and is a proxy needed (HTTPS_PROXY)?`,
    );
  }
  say("Installing the packages of the lockfile, Node 24 among them (about a minute the first time)");
  if ((await run("npx", [...npx, "install", "--config.confirmModulesPurge=false"])) !== 0) {
    if (stoppedBy !== undefined) return exitCodeOf(stoppedBy);
    return fail("The installation failed; the lines above say why. It goes on where it stopped when you try again.");
  }
  return 0;
}

/** Runs a program to its end, passing signals on; resolves to its exit code. */
function run(program, args) {
  const env = { ...process.env, PATH: [join(root, "node_modules/.bin"), process.env.PATH].join(delimiter) };
  return new Promise((resolve) => {
    current = spawn(program, args, { cwd: root, env, stdio: "inherit" });
    current.once("error", (error) => resolve(fail(`${program} could not be started: ${error.message}`)));
    current.once("exit", (code, signal) => resolve(code ?? exitCodeOf(signal)));
  });
}

function exitCodeOf(signal) {
  return 128 + constants.signals[signal];
}

function say(step) {
  console.log(`> ${step}`);
}

function fail(message) {
  console.error(`> ${message}`);
  return 1;
}
