import { expect, it } from "vitest";
import { z } from "zod";
import { booleanSetting, integerSetting, listSetting, readSettings, SettingsError } from "./settings.ts";

const schema = z.object({
  PORT: integerSetting(1, 65_535).default(8080),
  NAME: z.string("must be a name"),
  FLAG: booleanSetting.default(false),
  LIST: listSetting.default([]),
});

it("parses what is set and takes defaults for the rest, an empty variable counting as absent", () => {
  expect(readSettings(schema, { NAME: "x", PORT: "", FLAG: "yes", LIST: "a, b,,c" })).toEqual({
    NAME: "x",
    PORT: 8080,
    FLAG: true,
    LIST: ["a", "b", "c"],
  });
});

it("lists every wrong variable in one message", () => {
  const read = () => readSettings(schema, { PORT: "many", FLAG: "perhaps" });
  expect(read).toThrow(SettingsError);
  expect(read).toThrow(/PORT: must be a whole number/);
  expect(read).toThrow(/NAME: is not set; must be a name/);
  expect(read).toThrow(/FLAG: /);
});

it("takes a JSON array where an item contains a comma", () => {
  expect(readSettings(schema, { NAME: "x", LIST: '["a,b","c"]' }).LIST).toEqual(["a,b", "c"]);
  expect(() => readSettings(schema, { NAME: "x", LIST: "[1]" })).toThrow(/LIST: must be a JSON array of strings/);
});

it("freezes the settings", () => {
  expect(Object.isFrozen(readSettings(schema, { NAME: "x" }))).toBe(true);
});
