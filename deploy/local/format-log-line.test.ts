import { expect, test } from "vitest";
import { formatLogLine } from "./format-log-line.ts";

test("a record becomes time, level, message and facts", () => {
  const record = {
    level: "warn",
    written_at: "2026-07-28T10:11:12.345Z",
    type: "log",
    component_name: "gateway",
    destination: "SANDBOX",
    duration_ms: 12,
    err: { type: "Error", message: "no answer", stack: "…" },
    msg: "call failed",
  };
  expect(formatLogLine(JSON.stringify(record))).toBe(
    "10:11:12.345 warn  call failed destination=SANDBOX duration_ms=12 error=no answer",
  );
});

test.for(["plain words", "[1,2]", "null", '{"a":1}', "{broken"])(
  "a line that is no record stays as it is: %s",
  (line) => {
    expect(formatLogLine(line)).toBe(line);
  },
);
