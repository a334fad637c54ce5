import { setGlobalLogLevel } from "@sap-cloud-sdk/util";

/** The SDK writes a line for each look-up of a destination, in a form of its own; failures reach our log as outcomes. */
export function silenceCloudSdk(): void {
  setGlobalLogLevel("error");
}
