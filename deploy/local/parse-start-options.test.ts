import { expect, test } from "vitest";
import { parseStartOptions } from "./parse-start-options.ts";

test("the defaults are one gateway and two workers on port 8080", () => {
  expect(parseStartOptions([])).toEqual({ gateways: 1, workers: 2, port: 8080, verbose: false, help: false });
});

test("each option is read", () => {
  const args = ["--gateways", "2", "--workers=3", "--port", "0", "--verbose"];
  expect(parseStartOptions(args)).toEqual({ gateways: 2, workers: 3, port: 0, verbose: true, help: false });
});

test.for([
  [["--gatways", "2"], /--gatways/],
  [["--gateways", "0"], /--gateways must be a whole number from 1 to 16, not "0"/],
  [["--workers", "many"], /--workers must be .* not "many"/],
  [["--workers", "1e1"], /--workers must be .* not "1e1"/],
  [["--port", "65536"], /--port must be/],
  [["--port"], /--port/],
  [["fast"], /fast/],
] as const)("a wrong option is named: %s", ([args, message]) => {
  expect(() => parseStartOptions(args)).toThrow(message);
});
