import { expect, it } from "vitest";
import type { BatchRequest } from "./batch-request.ts";
import { findCulprit } from "./find-culprit.ts";

const patch = (path: string): BatchRequest => ({ method: "PATCH", path, headers: {} });
const requests = [patch("Orders('1')"), patch("Items(Order='1',Item='a%20b')"), { ...patch("Items"), method: "POST" }];
const ids = ["4", "5", "6"];

const culprit = (error: unknown, id?: string) =>
  findCulprit(requests, ids, {
    id,
    answer: { status: 400, headers: {}, body: typeof error === "string" ? error : JSON.stringify({ error }) },
  });

it.each([
  ["an answer with its content id", culprit({}, "6"), 2],
  [
    "ContentID among the details of V2",
    culprit({ innererror: { errordetails: [{ ContentID: "5", message: "no" }] } }),
    1,
  ],
  ["the annotation of V4", culprit({ details: [{ "@Org.OData.Core.V1.ContentID": "5" }] }), 1],
  ["SAP's annotation of V4", culprit({ "@SAP__core.ContentID": "6" }), 2],
  ["a target that begins with a content id", culprit({ target: "$6/Quantity" }), 2],
  ["a target that leads to the entity", culprit({ target: "/Items(Order='1',Item='a b')/Quantity" }), 1],
  ["a target that is a field", culprit({ target: "Quantity" }), undefined],
  ["the id of another request", culprit({ ContentID: "1" }, "g1"), undefined],
  ["a page", culprit("<html>no</html>"), undefined],
])("finds by %s which request of a change set failed, or does not guess", (_sign, found, at) => {
  expect(found).toBe(at);
});

it("needs no sign where a change set holds one request", () => {
  const answer = { status: 400, headers: {}, body: "" };
  expect(findCulprit([patch("Orders('1')")], ["1"], { id: undefined, answer })).toBe(0);
});
