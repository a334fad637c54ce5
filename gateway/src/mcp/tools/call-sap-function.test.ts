import { callSapFunction } from "@sap-mcp/shared/contracts/call-sap-function.ts";
import type { ServerContext } from "@modelcontextprotocol/server";
import { expect, it } from "vitest";
import { listingOf } from "../tool.ts";
import { callSapFunctionTool } from "./call-sap-function.ts";

it("makes every call read-only where writing is off, whatever the arguments say", () => {
  const { toInput } = callSapFunctionTool(false);
  const input = toInput?.({ serviceId: "S", function: "Cancel", readOnly: false }, {} as ServerContext);
  expect(callSapFunction.effect(callSapFunction.input.parse(input))).toBe("read");
  expect(callSapFunctionTool(true).toInput).toBeUndefined();
});

it("takes a call for a write unless it is called read-only", () => {
  const effectOf = (readOnly?: boolean) => callSapFunction.effect({ serviceId: "S", function: "F", readOnly });
  expect([effectOf(), effectOf(false), effectOf(true)]).toEqual(["write", "write", "read"]);
});

it("shows readOnly only where it decides something", () => {
  const shown = (allowWrites: boolean) => listingOf(callSapFunctionTool(allowWrites)).inputSchema.properties ?? {};
  expect(Object.keys(shown(true))).toContain("readOnly");
  expect(Object.keys(shown(false))).not.toContain("readOnly");
});
