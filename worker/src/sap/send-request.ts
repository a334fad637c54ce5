import type { Agent as HttpAgent } from "node:http";
import type { Agent as HttpsAgent } from "node:https";
import type { HttpDestination } from "@sap-cloud-sdk/connectivity";
import { executeHttpRequest } from "@sap-cloud-sdk/http-client";
import type { Method } from "@sap-cloud-sdk/http-client";
import { succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { SapAnswer } from "../odata/answer.ts";
import { describeError } from "./describe-error.ts";
import { failAborted } from "./wait-within.ts";

export interface SapRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "MERGE" | "DELETE";
  /** Path and query, relative to the destination's URL; begins with one slash. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Wire {
  readonly target: HttpDestination;
  readonly agents: { readonly httpAgent: HttpAgent; readonly httpsAgent: HttpsAgent };
  readonly maxAnswerBytes: number;
  readonly signal: AbortSignal;
}

export interface RawAnswer extends SapAnswer {
  readonly setCookies: readonly string[];
}

/** Sends one request through the Cloud SDK and brings back whatever SAP answers; only a request without an answer fails. */
export async function sendRequest(wire: Wire, request: SapRequest): Promise<Outcome<RawAnswer>> {
  if (wire.signal.aborted) return failAborted(wire.signal);
  try {
    const response = await executeHttpRequest(
      wire.target,
      {
        // Node knows MERGE, the update of OData V2; the SDK's type does not.
        method: request.method as Method,
        url: request.path,
        headers: request.headers,
        ...(request.body !== undefined && { data: request.body }),
        ...wire.agents,
        signal: wire.signal,
        responseType: "text",
        maxContentLength: wire.maxAnswerBytes,
        maxBodyLength: Infinity,
        maxRedirects: 0,
        allowAbsoluteUrls: false,
        validateStatus: () => true,
      },
      { fetchCsrfToken: false },
    );
    const headers = response.headers as Record<string, string | string[] | undefined>;
    const setCookies = headers["set-cookie"] ?? [];
    return succeed({
      status: response.status,
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value?.toString()]),
      ),
      body: typeof response.data === "string" ? response.data : "",
      setCookies: Array.isArray(setCookies) ? setCookies : [setCookies],
    });
  } catch (error) {
    return describeError(error, wire, request);
  }
}
