import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { startProcess } from "../local/start-process.ts";

const entry = new URL("stand-in.ts", import.meta.url);

describe("startProcess", () => {
  test("says that a process is ready only when its health says so", async () => {
    const begunAt = performance.now();
    await using child = await startProcess({ name: "slow", entry, env: { READY_AFTER_MS: "400" } });
    expect((await fetch(`${child.url}/health/ready`).catch(() => undefined))?.status).not.toBe(200);
    await child.ready();
    expect(performance.now() - begunAt).toBeGreaterThan(400);
    expect((await fetch(`${child.url}/health/ready`)).status).toBe(200);
  });

  test("tells what a process wrote when it ends before it is ready", async () => {
    const env = { READY_AFTER_MS: "60000", EXIT_AFTER_MS: "0", WORDS: "no such destination" };
    await using child = await startProcess({ name: "broken", entry, env });
    await expect(child.ready()).rejects.toThrow(/broken ended with code 3.*\n.*no such destination/s);
  });

  test("gives up waiting when time is up or nobody waits any more", async () => {
    await using child = await startProcess({ name: "hanging", entry, env: { READY_AFTER_MS: "60000" } });
    await expect(child.ready(undefined, 200)).rejects.toThrow("hanging was not ready within 200 ms");
    const waiting = child.ready(AbortSignal.abort());
    await expect(waiting).rejects.toThrow("hanging was no longer waited for");
  });

  test("hands over each line that the process writes", async () => {
    const lines: string[] = [];
    const onLine = (line: string) => lines.push(line);
    await using child = await startProcess({ name: "talking", entry, env: { WORDS: "one\ntwo" }, onLine });
    await child.ready();
    expect(lines).toEqual(["one", "two"]);
  });

  test("stops a process with SIGTERM, and with SIGKILL when it does not listen", async () => {
    const listening = await startProcess({ name: "listening", entry, env: {} });
    await listening.ready();
    await listening.stop();
    expect(listening.ended()).toBe("code 0");

    const deaf = await startProcess({ name: "deaf", entry, env: { IGNORE_SIGTERM: "1" } });
    await deaf.ready();
    await deaf.stop(200);
    expect(deaf.ended()).toBe("SIGKILL");
  });

  test("kills a process at once and can be asked to again", async () => {
    const child = await startProcess({ name: "victim", entry, env: { IGNORE_SIGTERM: "1" } });
    await child.ready();
    await child.kill();
    await child.kill();
    await child.stop();
    expect(await child.exited).toBe("SIGKILL");
    await expect(fetch(child.url)).rejects.toThrow("fetch failed");
  });

  test("leaves no process behind when its owner ends without stopping it", async () => {
    const owner = `
      const { startProcess } = await import(${JSON.stringify(new URL("../local/start-process.ts", import.meta.url))});
      const child = await startProcess({ name: "orphan", entry: new URL(${JSON.stringify(entry)}), env: {} });
      await child.ready();
      console.log(child.url);
      throw new Error("the owner has a defect");`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", owner], {
      cwd: fileURLToPath(new URL(".", import.meta.url)),
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [output] = (await once(child.stdout, "data")) as [Buffer];
    await once(child, "close");
    await expect(fetch(output.toString())).rejects.toThrow("fetch failed");
  });
});
