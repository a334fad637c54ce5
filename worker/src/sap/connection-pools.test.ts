import { succeed } from "@sap-mcp/shared/outcome.ts";
import { afterEach, describe, expect, it } from "vitest";
import { ConnectionPools } from "./connection-pools.ts";
import type { SapDestination } from "./resolve-destination.ts";
import type { SapConnection } from "./sap-connection.ts";

let pools: ConnectionPools;

afterEach(() => pools.close());

const signal = AbortSignal.timeout(20_000);

describe("ConnectionPools", () => {
  it("lends no more connections at once than allowed", async () => {
    open({ max: 2 });
    let lent = 0;
    let most = 0;
    const work = async () => {
      lent += 1;
      most = Math.max(most, lent);
      await pause(20);
      lent -= 1;
      return succeed(0);
    };
    await Promise.all(Array.from({ length: 10 }, () => pools.use(destinationOf("a"), signal, work)));
    expect(most).toBe(2);
  });

  it("never lends a connection of one principal to another", async () => {
    open({ max: 1 });
    const [one, two, again] = [await borrow("a"), await borrow("b"), await borrow("a")];
    expect(one).toBe(again);
    expect(two).not.toBe(one);
  });

  it("keeps principals apart whatever their names and the names of destinations contain", async () => {
    open({ max: 1 });
    const one = await borrow("a", { name: "b c" });
    const two = await borrow("a", { name: "c" });
    expect(two).not.toBe(one);
  });

  it("settles an aborted wait at once and loses no connection over it", async () => {
    open({ max: 1 });
    const release = Promise.withResolvers<void>();
    const holding = pools.use(destinationOf("a"), signal, async () => {
      await release.promise;
      return succeed(0);
    });
    const started = performance.now();
    const waited = await pools.use(destinationOf("a"), AbortSignal.timeout(50), () => Promise.resolve(succeed(0)));
    expect(waited).toMatchObject({ failure: { kind: "deadline" } });
    expect(performance.now() - started).toBeLessThan(1_000);
    release.resolve();
    await holding;
    expect(await pools.use(destinationOf("a"), signal, () => Promise.resolve(succeed("next")))).toEqual(
      succeed("next"),
    );
  });

  it("fails as unavailable when no connection becomes free in time", async () => {
    open({ max: 1, acquireTimeoutMs: 50 });
    const release = Promise.withResolvers<void>();
    const holding = pools.use(destinationOf("a"), signal, async () => {
      await release.promise;
      return succeed(0);
    });
    const waited = await pools.use(destinationOf("a"), signal, () => Promise.resolve(succeed(0)));
    expect(waited).toMatchObject({
      failure: { kind: "sap-unavailable", message: expect.stringContaining("busy for 50 ms") as string },
    });
    release.resolve();
    await holding;
  });

  it("does not lend again a connection whose work threw", async () => {
    open({ max: 1 });
    const lent: SapConnection[] = [];
    const failing = pools.use(destinationOf("a"), signal, (connection) => {
      lent.push(connection);
      throw new Error("a defect");
    });
    await expect(failing).rejects.toThrow("a defect");
    expect(await borrow("a")).not.toBe(lent[0]);
  });

  it("drops the pools of users who have gone, and keeps the one of a technical user", async () => {
    open({ min: 1, idleTimeoutMs: 50 });
    for (let at = 0; at < 100; at += 1) await borrow(`user-${at}`, { personal: true });
    await borrow("technical");
    expect(pools.size).toBe(101);
    await expect.poll(() => pools.size, { timeout: 5_000 }).toBe(1);
  });

  it("waits on closing for the connections in use", async () => {
    open({ max: 1 });
    let done = false;
    const working = pools.use(destinationOf("a"), signal, async () => {
      await pause(100);
      done = true;
      return succeed(0);
    });
    await pause(10);
    await pools.close();
    expect(done).toBe(true);
    await working;
  });
});

function open(own: Partial<ConstructorParameters<typeof ConnectionPools>[0]>): void {
  pools = new ConnectionPools({ min: 0, max: 10, idleTimeoutMs: 30_000, acquireTimeoutMs: 10_000, ...own }, 1_000);
}

async function borrow(principal: string, own: Partial<SapDestination> = {}): Promise<SapConnection> {
  const outcome = await pools.use({ ...destinationOf(principal), ...own }, signal, (connection) =>
    Promise.resolve(succeed(connection)),
  );
  if (!outcome.ok) throw new Error(outcome.failure.message);
  return outcome.value;
}

function destinationOf(principal: string): SapDestination {
  return { name: "S4", target: { url: "http://127.0.0.1:9" }, path: "", tenant: "t", principal, personal: false };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
