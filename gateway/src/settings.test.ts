import { readSettings } from "@sap-mcp/shared/settings.ts";
import { expect, it } from "vitest";
import { gatewaySettingsSchema } from "./settings.ts";

const valid = { REDIS_URL: "redis://127.0.0.1:6379", SAP_DESTINATION_NAME: "S4" };

it("is content with a Redis and a destination", () => {
  expect(readSettings(gatewaySettingsSchema, valid)).toMatchObject({
    HOST: "127.0.0.1",
    destinations: ["S4"],
    SAP_ALLOW_WRITES: false,
    SESSION_TTL_S: 86_400,
  });
});

it("has the default destination among all of them, once", () => {
  const settings = readSettings(gatewaySettingsSchema, { ...valid, SAP_DESTINATIONS: "S4_QUALITY,S4" });
  expect(settings.destinations).toEqual(["S4", "S4_QUALITY"]);
});

it("refuses to let everybody in from other machines", () => {
  expect(() => readSettings(gatewaySettingsSchema, { ...valid, HOST: "0.0.0.0" })).toThrow(
    /AUTH_MODE: none lets everybody in/,
  );
});

it("names a missing Redis", () => {
  expect(() => readSettings(gatewaySettingsSchema, { SAP_DESTINATION_NAME: "S4" })).toThrow(/REDIS_URL: set REDIS_URL/);
});

it("says what a missing destination is for", () => {
  const read = () => readSettings(gatewaySettingsSchema, { REDIS_URL: valid.REDIS_URL });
  expect(read).toThrow(/SAP_DESTINATION_NAME: is not set; name the destination of the SAP system/);
});

it("names a missing Redis and a missing destination in one start", () => {
  const read = () => readSettings(gatewaySettingsSchema, { PORT: "many" });
  expect(read).toThrow(/PORT: /);
  expect(read).toThrow(/SAP_DESTINATION_NAME: /);
  expect(read).toThrow(/REDIS_URL: set REDIS_URL/);
});
