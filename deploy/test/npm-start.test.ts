import { execFile, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { openRouter } from "../local/router.ts";

const run = promisify(execFile);
const main = fileURLToPath(new URL("../local/main.ts", import.meta.url));

describe("npm start", { timeout: 120_000 }, () => {
  test("prints a first call that works when pasted, and stops without leaving a process behind", async () => {
    const child = start("--port", "0", "--gateways", "2", "--workers", "2");
    const guide = await readUntil(child, /-d '.*'\n/);
    expect(guide).toMatch(/"url": "http:\/\/127\.0\.0\.1:\d+\/mcp"/);

    const firstCall = /curl .*-d '.*?'/s.exec(guide)?.[0] ?? "";
    const { stdout: answer } = await run("sh", ["-c", firstCall]);
    const { result } = JSON.parse(answer) as { result: { structuredContent: { services: { id: string }[] } } };
    expect(result.structuredContent.services.length).toBeGreaterThan(0);
    const health = await fetch(/Health +(\S+)/.exec(guide)?.[1] ?? "");
    expect(await health.json()).toMatchObject({ status: "healthy" });

    const children = await childrenOf(child);
    // Redis, the sandbox, two workers and two gateways.
    expect(children).toHaveLength(6);
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(children.filter(isAlive)).toEqual([]);
  });

  test.for([50, 200, 400, 800, 1_600])("stops everything when it is told to after %d ms", async (delayMs) => {
    const child = start("--port", "0");
    child.stdout?.resume();
    await setTimeout(delayMs);
    const children = await childrenOf(child);
    child.kill("SIGTERM");
    await once(child, "exit");
    expect(children.filter(isAlive)).toEqual([]);
  });

  test("names the option that is wrong", async () => {
    const child = start("--gatways", "2");
    const [errors, [code]] = await Promise.all([
      text(child.stderr as NonNullable<typeof child.stderr>),
      once(child, "exit"),
    ]);
    expect(errors).toMatch(/'--gatways'/);
    expect(code).toBe(2);
  });

  test("says that the port is taken before it starts anything", async () => {
    await using holder = await openRouter({ targets: () => [] });
    const child = start("--port", new URL(holder.url).port);
    const [errors, [code]] = await Promise.all([
      text(child.stderr as NonNullable<typeof child.stderr>),
      once(child, "exit"),
    ]);
    expect(errors).toMatch(/Port \d+ is taken; choose another with --port/);
    expect(code).toBe(1);
  });
});

function start(...args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGTERM"));
  return child;
}

function readUntil(child: ChildProcess, end: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (end.test(output)) resolve(output);
    });
    child.once("exit", () => reject(new Error(`It ended before that:\n${output}`)));
  });
}

async function childrenOf(parent: ChildProcess): Promise<number[]> {
  // pgrep ends with 1 when there are none.
  const { stdout } = await run("pgrep", ["-P", String(parent.pid)]).catch(() => ({ stdout: "" }));
  return stdout.split("\n").filter(Boolean).map(Number);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
