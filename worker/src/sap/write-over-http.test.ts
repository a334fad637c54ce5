import type { IncomingMessage } from "node:http";
import { createLogger } from "@sap-mcp/shared/logger.ts";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { operationsDocumentV4 } from "../odata/fixtures/operation-models.ts";
import { callFunction } from "./call-function.ts";
import { executeBatch } from "./execute-batch.ts";
import { executeOperation } from "./execute-operation.ts";
import { openStandIn } from "./fixtures/open-stand-in.ts";
import type { StandIn } from "./fixtures/open-stand-in.ts";
import { openSapSystem } from "./open-sap-system.ts";
import type { SapSystem } from "./open-sap-system.ts";

let standIn: StandIn;
let sap: SapSystem;
let batch: (request: IncomingMessage) => { status?: number; headers?: Record<string, string>; body?: string };

/** A V4 service that wants the ETag with everything that changes an entity, and gives it in the header of a read alone. */
beforeEach(async () => {
  batch = () => ({ status: 404 });
  const services = [{ ServiceId: "ORDERS", ServiceUrl: "/odata4/orders/" }];
  standIn = await openStandIn((request) => {
    const { url = "", method, headers } = request;
    if (url.includes("ServiceCollection")) return { body: '{"d":{"results":[]}}' };
    if (url.includes("ServiceGroups"))
      return { body: JSON.stringify({ value: [{ DefaultSystem: { Services: services } }] }) };
    if (url.endsWith("$metadata")) return { body: operationsDocumentV4 };
    if (method === "HEAD") return { headers: { "x-csrf-token": "token" } };
    if (url.endsWith("$batch")) return batch(request);
    if (method === "GET") return { headers: { etag: 'W/"1"' }, body: '{"Id":"1","Amount":"2.00"}' };
    return { status: headers["if-match"] === 'W/"1"' ? 204 : 428 };
  });
  vi.stubEnv("destinations", JSON.stringify([{ name: "S4", url: standIn.url }]));
  sap = openSapSystem({
    destinations: ["S4"],
    allowWrites: true,
    includePatterns: [],
    excludePatterns: [],
    allowAll: false,
    maxServices: 100,
    pool: { min: 0, max: 5, idleTimeoutMs: 30_000, acquireTimeoutMs: 10_000 },
    catalogTtlMs: 60_000,
    metadataTtlMs: 60_000,
    maxAnswerBytes: 1_000_000,
    read: {
      maxPages: 50,
      maxRows: 1_000,
      maxBytes: 1_000_000,
      timeBudgetMs: 10_000,
      maxChars: 100_000,
      cursorTtlMs: 60_000,
    },
  });
});

afterEach(async () => {
  await sap.close();
  await standIn.close();
  vi.unstubAllEnvs();
});

const copy = { serviceId: "ORDERS", function: "Copy", entityName: "Orders", key: { Id: "1" } };

it("calls an action again with the ETag where SAP wants one (428)", async () => {
  expect(await callFunction(sap, copy, makeCall())).toMatchObject({ ok: true });
  const calls = standIn.requests.filter(({ url }) => url === "/odata4/orders/Orders('1')/S.Copy");
  expect(calls.map(({ headers }) => headers["if-match"])).toEqual([undefined, 'W/"1"']);
});

it.each(["update", "replace", "delete"] as const)("sends the ETag with %s at once", async (operation) => {
  const parameters = { Id: "1", ...(operation !== "delete" && { Amount: "3.00" }) };
  const input = { serviceId: "ORDERS", entityName: "Orders", operation, parameters };
  expect(await executeOperation(sap, input, makeCall())).toMatchObject({ ok: true });
  const changes = standIn.requests.filter(
    ({ method }) => method === "PATCH" || method === "PUT" || method === "DELETE",
  );
  expect(changes.map(({ headers }) => headers["if-match"])).toEqual(['W/"1"']);
});

it("sends a batch as JSON where the service takes no multipart", async () => {
  batch = ({ headers }) =>
    headers["content-type"] === "application/json"
      ? { body: '{"responses":[{"id":"1","status":201,"body":{"Id":"7","Amount":12345678901234567.25}}]}' }
      : { status: 415 };
  const requests = [{ operation: "create" as const, entityName: "Orders", parameters: { Id: "7" } }];
  const answer = await executeBatch(sap, { serviceId: "ORDERS", requests }, makeCall());
  expect(answer).toMatchObject({
    value: { failed: 0, results: [{ status: 201, entity: { Id: "7", Amount: "12345678901234567.25" } }] },
  });
});

it("knows nothing of changes behind the end of an answer that was cut off", async () => {
  batch = () => ({
    headers: { "content-type": "multipart/mixed; boundary=B" },
    body: "--B\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 201 Created\r\n\r\n{}\r\n--B\r\nContent-Type: appl",
  });
  const create = (Id: string) => ({ operation: "create" as const, entityName: "Orders", parameters: { Id } });
  const answer = await executeBatch(sap, { serviceId: "ORDERS", requests: [create("1"), create("2")] }, makeCall());
  expect(answer).toMatchObject({
    value: { failed: 1, results: [{ status: 201 }, { failure: { kind: "outcome-unknown" } }] },
  });
});

function makeCall() {
  return {
    caller: { tenant: "t", user: "u", scopes: [] },
    signal: AbortSignal.timeout(10_000),
    log: createLogger({ component: "test", level: "silent", instance: "0" }),
    correlationId: "c",
  };
}
