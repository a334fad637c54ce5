import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readFailure } from "./read-failure.ts";

describe("readFailure", () => {
  it("reads the error of V2 with its details and its transaction", () => {
    const error = {
      code: "SD/123",
      message: { lang: "en", value: "Order can't be created" },
      innererror: {
        transactionid: "ABC123",
        errordetails: [
          { code: "X", message: "Customer is blocked" },
          { code: "X", message: "Order can't be created" },
        ],
      },
    };
    expect(failureOf(400, { error })).toMatchObject({
      kind: "rejected",
      message: "Order can't be created | Customer is blocked",
      sapCode: "SD/123",
      correlationId: "ABC123",
    });
  });

  it("reads the error of V4", () => {
    const error = {
      code: "005",
      message: "Wrong value",
      target: "name",
      details: [{ code: "6", message: "Too long" }],
    };
    expect(failureOf(422, { error })).toMatchObject({
      kind: "rejected",
      message: "Wrong value | Too long",
      sapCode: "005",
    });
  });

  it("reads the error in XML", () => {
    const body = `<?xml version="1.0"?><error xmlns="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"><code>/IWFND/MED/170</code><message xml:lang="en">No service found for namespace &quot;&quot;</message><innererror><transactionid>T1</transactionid></innererror></error>`;
    expect(readFailure({ status: 403, headers: {}, body })).toMatchObject({
      message: 'No service found for namespace ""',
      kind: "unknown-service",
      sapCode: "/IWFND/MED/170",
      correlationId: "T1",
      guidance: expect.stringContaining("/IWFND/MAINT_SERVICE") as string,
    });
  });

  it("passes on nothing of a page but its title, and mentions sap-client for a logon page", () => {
    const body =
      "<!DOCTYPE html><html><head><title>Logon Error Message</title></head><body><script>evil()</script></body></html>";
    const failure = readFailure({ status: 401, headers: { "content-type": "text/html" }, body });
    expect(failure).toMatchObject({
      kind: "unauthorized",
      message: 'SAP answered with a page titled "Logon Error Message".',
    });
    expect(failure.guidance).toContain("sap-client");
    expect(JSON.stringify(failure)).not.toMatch(/[<>]/);
  });

  it.each([
    [400, "V1/555", "Order is complete", "application in SAP refused"],
    [400, "005056A509B11EE1B9A8FEC11C21D78E", "Invalid URI", "OData library"],
    [500, "SY/530", "An exception was raised", "ST22"],
    [501, "X/1", "Method 'ORDERSET_GET_ENTITYSET' not implemented in data provider class.", "never implemented"],
    [405, "/IWFND/CM_MGW/405", "Method not allowed", "does not allow this operation"],
    [400, "V1/042", "Sales document 1 is currently being processed by user ALICE", "when it is free"],
    [412, "V1/042", "Precondition failed", "was changed in SAP meanwhile"],
    [400, "", "", "get-entity-schema"],
  ])("advises on status %i and code %s", (status, code, value, advice) => {
    expect(failureOf(status, { error: { code, message: { value } } }).guidance).toContain(advice);
  });

  it("makes a failure of any body, and never throws", () => {
    const piece = fc.constantFrom(
      "<error>",
      "</error>",
      "<message>",
      "</message>",
      "&amp;",
      "&x;",
      '{"error":',
      "{",
      "}",
      "null",
      "[1]",
      '"a"',
      ":",
      ",",
    );
    const bodies = fc.oneof(
      fc.string(),
      fc.array(piece).map((pieces) => pieces.join("")),
      fc.json(),
    );
    fc.assert(
      fc.property(bodies, fc.integer({ min: 300, max: 599 }), (body, status) => {
        expect(readFailure({ status, headers: {}, body }).message).not.toBe("");
      }),
    );
  });

  it("survives XML that is not sound", () => {
    expect(
      readFailure({ status: 500, headers: {}, body: "<error><code>X</code><message>It broke</message>" }),
    ).toMatchObject({
      kind: "sap-error",
      message: "It broke",
    });
    expect(
      readFailure({ status: 500, headers: {}, body: '<!DOCTYPE a [<!ENTITY b "c">]><error>&b;</error>' }).message,
    ).toContain("status 500");
  });

  it.each([
    [302, "unauthorized"],
    [401, "unauthorized"],
    [403, "forbidden"],
    [404, "not-found"],
    [405, "rejected"],
    [409, "conflict"],
    [412, "conflict"],
    [428, "conflict"],
    [429, "throttled"],
    [500, "sap-error"],
    [503, "sap-unavailable"],
  ])("takes status %i for %s", (status, kind) => {
    expect(readFailure({ status, headers: {}, body: "" })).toMatchObject({
      kind,
      message: expect.stringContaining(String(status)) as string,
    });
  });

  it("reads Retry-After in seconds and as a date", () => {
    expect(readFailure({ status: 429, headers: { "retry-after": "7" }, body: "" }).retryAfterMs).toBe(7_000);
    const inAMinute = new Date(Date.now() + 60_000).toUTCString();
    const { retryAfterMs } = readFailure({ status: 429, headers: { "retry-after": inAMinute }, body: "" });
    expect(retryAfterMs).toBeGreaterThan(55_000);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
    expect(readFailure({ status: 429, headers: { "retry-after": "soon" }, body: "" })).not.toHaveProperty(
      "retryAfterMs",
    );
  });
});

function failureOf(status: number, body: unknown) {
  return readFailure({ status, headers: {}, body: JSON.stringify(body) });
}
