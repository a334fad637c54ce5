import { expect, it } from "vitest";
import { principalOf } from "./caller.ts";

it("tells two principals apart whatever their names contain", () => {
  const left = principalOf({ tenant: "a/b", user: "c", scopes: [] });
  const right = principalOf({ tenant: "a", user: "b/c", scopes: [] });
  expect(left).not.toBe(right);
});
