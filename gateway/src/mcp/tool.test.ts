import { expect, it } from "vitest";
import { listingOf } from "./tool.ts";
import { sapTools } from "./tools/sap-tools.ts";

it.each([true, false])(
  "lists all tools in under 2,000 tokens, at four characters a token (writes %s)",
  (allowWrites) => {
    const characters = JSON.stringify(sapTools(allowWrites).map(listingOf)).length;
    expect(characters / 4).toBeLessThan(2_000);
  },
);

it("offers an agent only what the server will do", () => {
  const operations = (allowWrites: boolean) => {
    const execute = sapTools(allowWrites)
      .map(listingOf)
      .find(({ name }) => name === "execute-entity-operation");
    return (execute?.inputSchema.properties?.operation as { enum: string[] } | undefined)?.enum;
  };
  expect(operations(false)).toEqual(["read", "read-single"]);
  expect(operations(true)).toEqual(["read", "read-single", "create", "update", "replace", "delete"]);
});

it("says nothing to a model that it can't use", () => {
  const text = JSON.stringify(sapTools(true).map(listingOf));
  expect(text).not.toMatch(/9007199254740991|\$schema|propertyNames/);
});
