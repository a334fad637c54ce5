import { succeed } from "@sap-mcp/shared/outcome.ts";
import { describe, expect, it } from "vitest";
import type { SapAnswer } from "../odata/answer.ts";
import { modelV4, ordersV4 } from "../odata/fixtures/sample-models.ts";
import { refuseErrors } from "./contact.ts";
import type { Talk } from "./contact.ts";
import { sendBatch } from "./send-batch.ts";
import { readState, writeGuarded } from "./write-guarded.ts";

const entity = { model: modelV4, type: ordersV4.type, path: "/s/Orders(1)" };
const request = { method: "PATCH", path: entity.path, servicePath: "/s", headers: {}, body: "{}" } as const;

/** A SAP system that wants an ETag, and in which the entity is changed as often as it is read. */
function openTalk(answers: (etag: string | undefined) => Partial<SapAnswer>, etagOf = (reads: number) => `"${reads}"`) {
  const sent: (string | undefined)[] = [];
  let reads = 0;
  const tryWrite: Talk["tryWrite"] = ({ headers }) => {
    sent.push(headers["if-match"]);
    return Promise.resolve(succeed({ status: 204, headers: {}, body: "", ...answers(headers["if-match"]) }));
  };
  const talk: Talk = {
    tryWrite,
    write: async (it) => refuseErrors(await tryWrite(it)),
    read: () => {
      reads += 1;
      const etag = etagOf(reads);
      return Promise.resolve(
        succeed({ status: 200, headers: etag === "" ? {} : { etag }, body: `{"id":"1","amount":"${reads}"}` }),
      );
    },
  };
  return { talk, sent };
}

describe("writeGuarded", () => {
  it("reads the entity and sends the write again where SAP misses the ETag", async () => {
    const { talk, sent } = openTalk((etag) => ({ status: etag === undefined ? 428 : 204 }));
    expect(await writeGuarded(talk, request, entity)).toMatchObject({ ok: true });
    expect(sent).toEqual([undefined, '"1"']);
  });

  it("asks for any state where a service wants an ETag and gives none", async () => {
    const { talk, sent } = openTalk(
      (etag) => ({ status: etag === undefined ? 428 : 204 }),
      () => "",
    );
    expect(await writeGuarded(talk, request, entity)).toMatchObject({ ok: true });
    expect(sent).toEqual([undefined, "*"]);
  });

  it("says what has changed where the write comes too late, and does not repeat it", async () => {
    const { talk, sent } = openTalk(() => ({ status: 412 }));
    const state = await readState(talk, entity);
    if (!state.ok) throw new Error(state.failure.message);
    expect(await writeGuarded(talk, request, { ...entity, state: state.value })).toMatchObject({
      failure: { kind: "conflict", message: expect.stringContaining('amount: "1" → "2"') as string },
    });
    expect(sent).toEqual(['"1"']);
  });

  it("gives up where SAP misses the ETag that was sent", async () => {
    const { talk, sent } = openTalk(() => ({ status: 428 }));
    expect(await writeGuarded(talk, request, entity)).toMatchObject({ failure: { kind: "conflict" } });
    expect(sent).toHaveLength(2);
  });
});

it("sendBatch sends JSON to a V4 service that takes no multipart, and never to one that does", async () => {
  const types: (string | undefined)[] = [];
  const body = '{"responses":[{"id":"1","status":200,"body":{"value":[]}}]}';
  const write =
    (only: string): Talk["tryWrite"] =>
    ({ headers }) => {
      types.push(headers["content-type"]?.split(";")[0]);
      const isTaken = headers["content-type"]?.startsWith(only) === true;
      return Promise.resolve(succeed({ status: isTaken ? 200 : 415, headers: {}, body: isTaken ? body : "" }));
    };
  const items = [{ kind: "single", request: { method: "GET", path: "Orders", headers: {} } }] as const;
  const target = { model: modelV4, servicePath: "/s" };
  const { talk } = openTalk(() => ({}));
  const send = (only: string) => sendBatch({ ...talk, tryWrite: write(only) }, target, items);
  expect(await send("application/json")).toMatchObject({ value: [{ kind: "answers", answers: [{ status: 200 }] }] });
  expect(types).toEqual(["multipart/mixed", "application/json"]);
  await send("multipart/mixed");
  expect(types).toEqual(["multipart/mixed", "application/json", "multipart/mixed"]);
});
