import { chmod, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findProgram } from "../local/find-program.ts";
import { provideRedis } from "../local/redis.ts";

describe("provideRedis", () => {
  let folder: string;
  let realServer: string;
  const steps: string[] = [];
  const report = (step: string) => void steps.push(step);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "provide-redis-"));
    realServer = (await findProgram(["redis-server", "valkey-server"], process.env.PATH ?? "")) as string;
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("takes the Redis that REDIS_URL names and starts none", async () => {
    const env = { REDIS_URL: "redis://redis.example:6379/3", PATH: process.env.PATH };
    await using redis = await provideRedis({ env, appendOnly: false, report });
    expect(redis.url).toBe("redis://redis.example:6379/3");
  });

  test("starts one that loses no key to make room, and leaves neither process nor data behind", async () => {
    const before = await dataFolders();
    const redis = await provideRedis({ env: { PATH: process.env.PATH }, appendOnly: true, report });
    const client = new Redis(redis.url);
    expect(await client.config("GET", "maxmemory-policy")).toEqual(["maxmemory-policy", "noeviction"]);
    expect(await client.config("GET", "appendonly")).toEqual(["appendonly", "yes"]);
    expect(await client.config("GET", "bind")).toEqual(["bind", "127.0.0.1"]);
    client.disconnect();
    await redis.stop();
    expect(await redis.exited).toBe("code 0");
    expect(await dataFolders()).toEqual(before);
  });

  test("installs it with the package manager when the PATH has none, and says so", async () => {
    // The stand-in for apt-get "installs" by putting the real server where only this test looks.
    const bin = await makeBin("installs", {
      "apt-get": `[ "$1" = install ] || exit 0; ln -s ${realServer} "$(dirname "$0")/redis-server"`,
      sudo: '[ "$1" = --non-interactive ] && shift; exec "$@"',
    });
    steps.length = 0;
    await using redis = await provideRedis({ env: { PATH: bin }, appendOnly: false, report });
    const client = new Redis(redis.url);
    expect(await client.ping()).toBe("PONG");
    client.disconnect();
    expect(steps).toContainEqual(expect.stringMatching(/Redis is not installed; installing it with apt-get/));
  });

  test("goes on to Docker when the package manager fails", async () => {
    const bin = await makeBin("docker", {
      "apt-get": "echo 'E: no network' >&2; exit 100",
      sudo: '[ "$1" = --non-interactive ] && shift; exec "$@"',
      // Shows what Docker is asked to run, and runs the real server on the port that was published.
      docker: `[ "$1" = version ] && exit 0
        echo "$@" > "$0.args"; port=$(echo "$4" | cut -d: -f2); exec ${realServer} --port "$port" --save ""`,
    });
    steps.length = 0;
    await using redis = await provideRedis({ env: { PATH: bin }, appendOnly: false, report });
    const args = await readFile(join(bin, "docker.args"), "utf8");
    expect(args).toMatch(
      /^run --rm --publish 127\.0\.0\.1:\d+:6379 redis:\S+ redis-server .*--maxmemory-policy noeviction/,
    );
    expect(redis.url).toMatch(/^redis:\/\/127\.0\.0\.1:\d+$/);
    expect(steps).toContainEqual(expect.stringMatching(/apt-get .* failed: E: no network/));
  });

  test("says what to do when there is no way to get one", async () => {
    const bin = await makeBin("nothing", { docker: "exit 1" });
    const wishes = { env: { PATH: bin }, appendOnly: false, report };
    await expect(provideRedis(wishes)).rejects.toThrow(/none could be installed.*package manager.*Docker.*REDIS_URL/s);
  });

  /** A folder of shell scripts, with the few programs that they need. */
  async function makeBin(name: string, scripts: Readonly<Record<string, string>>): Promise<string> {
    const bin = join(folder, name);
    await mkdir(bin);
    for (const program of ["dirname", "ln", "cut", "true"]) {
      const real = await findProgram([program], ["/usr/bin", "/bin"].join(delimiter));
      if (real !== undefined) await symlink(real, join(bin, program));
    }
    for (const [program, script] of Object.entries(scripts)) {
      await writeFile(join(bin, program), `#!/bin/sh\n${script}\n`);
      await chmod(join(bin, program), 0o755);
    }
    return bin;
  }
});

async function dataFolders(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith("sap-mcp-redis-"));
}
