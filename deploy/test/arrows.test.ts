import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** File and the import in it that goes against an arrow. */
const forbidden: readonly (readonly [file: string, code: string])[] = [
  ["shared/src/a.ts", 'import { x } from "@sap-mcp/gateway/app.ts"; export const y = x;'],
  ["shared/src/b.ts", 'import { x } from "@sap-mcp/worker/main.ts"; export const y = x;'],
  ["shared/conformance/a.ts", 'import { x } from "../../gateway/src/app.ts"; export const y = x;'],
  ["shared/src/c.ts", "export const y = process.env.HOME;"],
  ["gateway/src/a.ts", 'import { Queue } from "bullmq"; export const y = Queue;'],
  ["gateway/src/b.ts", 'import express from "express"; export const y = express;'],
  ["gateway/src/c.ts", 'import { x } from "@sap-mcp/worker/main.ts"; export const y = x;'],
  ["gateway/src/d.ts", 'import type { X } from "../../worker/src/main.ts"; export type Y = X;'],
  ["gateway/src/e.ts", 'import { Redis } from "ioredis"; export const y = Redis;'],
  ["gateway/src/f.ts", "export const y = process.env.HOME;"],
  ["gateway/src/main.ts", 'import { Queue } from "bullmq"; export const y = Queue;'],
  ["gateway/src/app.ts", 'import { x } from "./main.ts"; export const y = x;'],
  ["gateway/src/http/a.ts", 'import { x } from "../mcp/x.ts"; export const y = x;'],
  ["gateway/src/http/b.ts", 'import { x } from "../app.ts"; export const y = x;'],
  ["gateway/src/http/c.ts", 'export { x } from "../mcp/x.ts";'],
  ["gateway/src/http/d.test.ts", 'import { x } from "../mcp/x.ts"; export const y = x;'],
  ["gateway/src/mcp/a.ts", 'import { x } from "../http/x.ts"; export const y = x;'],
  ["gateway/src/mcp/b.ts", 'import express from "express"; export const y = express;'],
  ["gateway/src/mcp/deep/c.ts", 'import { x } from "../../http/x.ts"; export const y = x;'],
  [
    "gateway/src/mcp/d.ts",
    'import { openRedis } from "@sap-mcp/shared/redis-connection.ts"; export const y = openRedis;',
  ],
  ["gateway/src/jobs/a.ts", 'import { x } from "../http/x.ts"; export const y = x;'],
  ["gateway/src/jobs/b.ts", 'import { x } from "../mcp/x.ts"; export const y = x;'],
  ["gateway/src/jobs/c.ts", 'import { Server } from "@modelcontextprotocol/server"; export const y = Server;'],
  ["gateway/src/jobs/d.ts", 'import { x } from "../app.ts"; export const y = x;'],
  [
    "gateway/src/jobs/e.ts",
    'import { runService } from "@sap-mcp/shared/run-service.ts"; export const y = runService;',
  ],
  ["gateway/conformance/a.ts", 'import { x } from "@sap-mcp/worker/main.ts"; export const y = x;'],
  ["worker/src/a.ts", 'import { x } from "@sap-mcp/gateway/app.ts"; export const y = x;'],
  ["worker/src/b.ts", 'import { Worker } from "bullmq"; export const y = Worker;'],
  ["worker/src/main.ts", 'import { Worker } from "bullmq"; export const y = Worker;'],
  ["worker/src/jobs/a.ts", 'import { x } from "../main.ts"; export const y = x;'],
  ["worker/src/sap/a.ts", 'import { x } from "../jobs/x.ts"; export const y = x;'],
  ["worker/src/sap/b.ts", 'import { Worker } from "bullmq"; export const y = Worker;'],
  [
    "worker/src/sap/c.ts",
    'import { openRedis } from "@sap-mcp/shared/redis-connection.ts"; export const y = openRedis;',
  ],
  ["worker/src/odata/a.ts", 'import { readFile } from "node:fs/promises"; export const y = readFile;'],
  ["worker/src/odata/b.ts", 'import { x } from "../sap/x.ts"; export const y = x;'],
  ["worker/src/odata/c.ts", 'import { x } from "../jobs/x.ts"; export const y = x;'],
  ["worker/src/odata/d.ts", 'import type { Redis } from "ioredis"; export type Y = Redis;'],
  ["worker/src/odata/e.ts", 'import { x } from "@sap-cloud-sdk/connectivity"; export const y = x;'],
  ["worker/conformance/a.ts", 'import { x } from "@sap-mcp/gateway/app.ts"; export const y = x;'],
];

/** What goes along the arrows, to show that the rules do not simply forbid everything. */
const allowed: readonly (readonly [file: string, code: string])[] = [
  ["gateway/src/main.ts", 'import { createApp } from "./app.ts"; export const y = [createApp, process.env.HOME];'],
  [
    "gateway/src/app.ts",
    'import express from "express"; import { x } from "./http/x.ts"; export const y = [express, x];',
  ],
  [
    "gateway/src/http/x.ts",
    'import express from "express"; import { x } from "../jobs/x.ts"; export const y = [express, x];',
  ],
  [
    "gateway/src/mcp/x.ts",
    'import type { Redis } from "ioredis"; import { x } from "../jobs/x.ts"; export const y: Redis[] = [x];',
  ],
  ["gateway/src/jobs/x.ts", 'import { Queue } from "bullmq"; export const x = Queue;'],
  ["gateway/src/jobs/x.test.ts", 'import { Redis } from "ioredis"; export const y = Redis;'],
  [
    "worker/src/jobs/x.ts",
    'import { Worker } from "bullmq"; import { x } from "../sap/x.ts"; export const y = [Worker, x];',
  ],
  [
    "worker/src/sap/x.ts",
    'import { request } from "node:http"; import { x } from "../odata/x.ts"; export const y = [request, x];',
  ],
  ["worker/src/odata/x.ts", 'import { distance } from "fastest-levenshtein"; export const x = distance;'],
];

describe("the import arrows", () => {
  const trees: string[] = [];
  let complaints: ReadonlyMap<string, readonly string[]>;
  let falseAlarms: ReadonlyMap<string, readonly string[]>;

  beforeAll(async () => {
    complaints = await lint(forbidden);
    falseAlarms = await lint(allowed);
  }, 60_000);
  afterAll(() => Promise.all(trees.map((tree) => rm(tree, { recursive: true }))));

  test.for(forbidden)("refuse %s with: %s", ([file]) => {
    expect(complaints.get(file)).toContainEqual(expect.stringMatching(/no-restricted-imports|no-process-env/));
  });

  test("let pass what goes along them", () => {
    expect([...falseAlarms]).toEqual([]);
  });

  /** The rules that each file breaks, in a tree of its own that is laid out like the repository. */
  async function lint(files: typeof forbidden): Promise<Map<string, string[]>> {
    const tree = await mkdtemp(join(tmpdir(), "arrows-"));
    trees.push(tree);
    await copyFile(join(root, "oxlint.config.ts"), join(tree, "oxlint.config.ts"));
    for (const [file, code] of files) {
      await mkdir(dirname(join(tree, file)), { recursive: true });
      await writeFile(join(tree, file), `${code}\n`);
    }
    const found = new Map<string, string[]>();
    for (const { filename, code } of await runOxlint(tree)) found.set(filename, [...(found.get(filename) ?? []), code]);
    return found;
  }
});

function runOxlint(cwd: string): Promise<readonly { readonly filename: string; readonly code: string }[]> {
  return new Promise((resolve, reject) => {
    const oxlint = join(root, "node_modules/oxlint/bin/oxlint");
    // oxlint ends with 1 when it found something, so only an output that is no report counts as an error.
    execFile(process.execPath, [oxlint, "--format=json"], { cwd }, (error, stdout, stderr) => {
      try {
        resolve((JSON.parse(stdout) as { diagnostics: [] }).diagnostics);
      } catch {
        reject(new Error(`oxlint gave no report: ${stdout}${stderr}`, { cause: error }));
      }
    });
  });
}
