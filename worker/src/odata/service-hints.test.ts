import { describe, expect, it } from "vitest";
import type { Service } from "./service-directory.ts";
import { hintsFor, parseHints } from "./service-hints.ts";

const service: Service = {
  id: "API_X:V4",
  technicalName: "API_X",
  version: 1,
  title: "X",
  odataVersion: "V4",
  path: "/sap/opu/odata4/sap/api_x/0001",
};

describe("hintsFor", () => {
  it.each([["API_X"], ["api_*"], ["*/odata4/*"], ["/:V4$/"]])("finds a note by the pattern %s", (pattern) => {
    expect(notes([{ pattern, note: "a note" }])).toEqual(["a note"]);
  });

  it("leaves out notes on other services and other entity sets", () => {
    const hints = [
      { pattern: "API_Y", note: "other service" },
      { pattern: "API_X", note: "this set", entitySet: "Orders" },
      { pattern: "API_X", note: "other set", entitySet: "Items" },
    ];
    expect(notes(hints, "Orders")).toEqual(["this set"]);
    expect(notes(hints)).toEqual(["Orders: this set", "Items: other set"]);
  });
});

describe("parseHints", () => {
  it.each([
    ["no JSON", /is not JSON/],
    ['[{"pattern":"A"}]', /note/],
    ['[{"pattern":"/(/","note":"n"}]', /is no regular expression/],
    ['[{"pattern":"A","note":"n","sets":[]}]', /sets/],
  ])("says what is wrong with %s", (json, complaint) => {
    expect(parseHints(json)).toMatch(complaint);
  });
});

function notes(given: readonly object[], entitySet?: string): string[] {
  const hints = parseHints(JSON.stringify(given));
  if (typeof hints === "string") throw new Error(hints);
  return hintsFor(hints, service, entitySet);
}
