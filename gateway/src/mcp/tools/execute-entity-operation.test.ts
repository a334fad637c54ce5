import { expect, it } from "vitest";
import { listingOf } from "../tool.ts";
import { executeEntityOperationTool } from "./execute-entity-operation.ts";

it("says what replace does to the fields that are not given", () => {
  expect(executeEntityOperationTool(true).description).toContain("replace (empties the rest)");
  expect(executeEntityOperationTool(false).description).not.toContain("replace");
});

it("shows etag only where something can be changed", () => {
  const shown = (allowWrites: boolean) =>
    listingOf(executeEntityOperationTool(allowWrites)).inputSchema.properties ?? {};
  expect(Object.keys(shown(true))).toContain("etag");
  expect(Object.keys(shown(false))).not.toContain("etag");
});
