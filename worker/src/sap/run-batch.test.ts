import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { expect, it } from "vitest";
import type { SapAnswer } from "../odata/answer.ts";
import { modelV4 } from "../odata/fixtures/sample-models.ts";
import { planBatch } from "../odata/plan-batch.ts";
import type { BatchOrder } from "../odata/plan-batch.ts";
import type { Talk } from "./contact.ts";
import { runBatch } from "./run-batch.ts";

interface JsonRequest {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
}

/** A service whose entities share one ETag, as the items of an order often do: every change spoils it for the others. */
function openService(stopsAtFailure: boolean, isAway: (sending: number) => boolean = () => false) {
  const executed: string[] = [];
  const sent: string[][] = [];
  let state = 1;
  const answer = ({ method, url, headers, id }: JsonRequest) => {
    if (method === "get")
      return { id, status: 200, headers: { etag: `"${state}"` }, body: { id: "1", amount: `${state}` } };
    if (headers["if-match"] !== `"${state}"`) return { id, status: 412, body: { error: { message: "too late" } } };
    executed.push(url);
    state += 1;
    return { id, status: 204 };
  };
  const tryWrite = ({ headers, body = "" }: Parameters<Talk["tryWrite"]>[0]): Promise<Outcome<SapAnswer>> => {
    if (headers["content-type"] !== "application/json")
      return Promise.resolve(succeed({ status: 415, headers: {}, body: "" }));
    const { requests } = JSON.parse(body) as { requests: JsonRequest[] };
    sent.push(requests.map(({ method, url }) => `${method} ${url}`));
    if (isAway(sent.length)) return Promise.resolve(fail("outcome-unknown", "SAP did not answer."));
    const responses: { id: string; status: number }[] = [];
    for (const request of requests) {
      responses.push(answer(request));
      if (stopsAtFailure && responses.at(-1)?.status === 412) break;
    }
    return Promise.resolve(succeed({ status: 200, headers: {}, body: JSON.stringify({ responses }) }));
  };
  const read = () => Promise.reject(new Error("nothing is read by itself"));
  const run = async (orders: readonly BatchOrder[]) => {
    const { items } = planBatch(modelV4, orders);
    const results = await runBatch({ tryWrite, write: tryWrite, read }, { model: modelV4, servicePath: "/s" }, items);
    if (!results.ok) throw new Error(results.failure.message);
    return [...results.value.values()];
  };
  return { run, executed, sent };
}

const key = (id: number) => ({ id: String(id), day: "2026-01-31" });
const change = (id: number): BatchOrder => ({
  operation: "update",
  entityName: "Orders",
  parameters: { ...key(id), rate: 1 },
});
const changes = [change(1), change(2), change(3)];

it.each([false, true])(
  "gets changes through that spoil each other's ETag, each executed once (SAP stops at a failure: %s)",
  async (stops) => {
    const { run, executed } = openService(stops);
    const results = await run([...changes, { operation: "read-single", entityName: "Orders", parameters: key(1) }]);
    expect(results.map(({ status }) => status)).toEqual([204, 204, 204, 200]);
    expect(results[3]?.entity).toMatchObject({ amount: "4" });
    expect(executed).toEqual([1, 2, 3].map((id) => `Orders(id=${id},day=2026-01-31)`));
  },
);

it("reads what it changes once where it makes one change", async () => {
  const { run, sent } = openService(false);
  expect(await run([change(1)])).toEqual([{ status: 204 }]);
  expect(sent.map((requests) => requests.length)).toEqual([1, 1]);
});

it("tells what was executed although SAP is away when the rest is sent again", async () => {
  const { run, executed } = openService(false, (sending) => sending === 4);
  const results = await run(changes);
  expect(results.map(({ status, failure }) => status ?? failure?.kind)).toEqual([
    204,
    "outcome-unknown",
    "outcome-unknown",
  ]);
  expect(executed).toHaveLength(1);
});
