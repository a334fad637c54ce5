import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, inject, test } from "vitest";
import { startProcess } from "../local/start-process.ts";

const build = fileURLToPath(new URL("../build/build.ts", import.meta.url));

test("the bundles of gateway and worker start and become ready", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [build]);
  expect(stdout).toMatch(/gateway\/dist\/main\.js +\d+ KB\nworker\/dist\/main\.js +\d+ KB/);

  const env = {
    REDIS_URL: inject("redisUrl"),
    KEY_PREFIX: `{build-${randomUUID()}}`,
    SAP_DESTINATION_NAME: "NOWHERE",
    destinations: JSON.stringify([{ name: "NOWHERE", url: "http://127.0.0.1:9" }]),
  };
  for (const name of ["gateway", "worker"]) {
    const entry = new URL(`../../${name}/dist/main.js`, import.meta.url);
    await using child = await startProcess({ name, entry, env });
    await child.ready();
    await child.stop();
    expect(child.ended()).toBe("code 0");
  }
});
