import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { chooseDestination, resolveDestination } from "./resolve-destination.ts";
import { silenceCloudSdk } from "./silence-cloud-sdk.ts";

const alice = { tenant: "t", user: "alice", scopes: [] };
const bob = { tenant: "t", user: "bob", scopes: [] };

beforeEach(() => {
  silenceCloudSdk();
  vi.stubEnv(
    "destinations",
    JSON.stringify([
      { name: "BASIC", url: "https://sap.example/s4/", username: "u", password: "p" },
      { name: "NONE", url: "http://127.0.0.1:1" },
      { name: "FORWARD", url: "https://sap.example", forwardAuthToken: true },
      {
        Name: "BEARER",
        URL: "https://sap.example",
        Type: "HTTP",
        ProxyType: "Internet",
        Authentication: "OAuth2JWTBearer",
      },
      { Name: "MAIL", Type: "MAIL", ProxyType: "Internet" },
    ]),
  );
});

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("resolveDestination", () => {
  it("finds the destination of the local variable, and the path of its URL", async () => {
    expect(await resolveDestination("BASIC", alice)).toMatchObject({
      ok: true,
      value: { name: "BASIC", path: "/s4", personal: false },
    });
    expect(await resolveDestination("NONE", alice)).toMatchObject({ ok: true, value: { path: "" } });
  });

  it.each(["BASIC", "NONE"])(
    "takes all callers for one principal where SAP sees a technical user: %s",
    async (name) => {
      expect(await principalIn(name, alice)).toBe(await principalIn(name, bob));
      expect(await principalIn(name, alice)).not.toBe(await principalIn(name, { ...alice, tenant: "other" }));
    },
  );

  it.each(["FORWARD", "BEARER"])("keeps callers apart where SAP sees them: %s", async (name) => {
    expect(await principalIn(name, alice)).not.toBe(await principalIn(name, bob));
  });

  it.each(["MISSING", "MAIL"])("fails for %s, which is no HTTP destination", async (name) => {
    expect(await resolveDestination(name, alice)).toMatchObject({ failure: { kind: "unknown-destination" } });
  });

  it("writes nothing to standard output", async () => {
    const write = vi.spyOn(process.stdout, "write");
    await resolveDestination("BASIC", alice);
    await resolveDestination("MISSING", alice);
    expect(write).not.toHaveBeenCalled();
    write.mockRestore();
  });
});

describe("chooseDestination", () => {
  it("takes the first one by default and only configured ones", () => {
    expect(chooseDestination(["S4", "ERP"], undefined)).toEqual({ ok: true, value: "S4" });
    expect(chooseDestination(["S4", "ERP"], "ERP")).toEqual({ ok: true, value: "ERP" });
    expect(chooseDestination(["S4", "ERP"], "ERQ")).toMatchObject({
      failure: { kind: "unknown-destination", guidance: expect.stringMatching(/^Nearest: ERP/) as string },
    });
  });
});

async function principalIn(name: string, caller: typeof alice): Promise<string> {
  const outcome = await resolveDestination(name, caller);
  if (!outcome.ok) throw new Error(outcome.failure.message);
  return outcome.value.principal;
}
