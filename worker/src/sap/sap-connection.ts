import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { getAgentConfig } from "@sap-cloud-sdk/connectivity";
import type { HttpDestination } from "@sap-cloud-sdk/connectivity";
import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { SapAnswer } from "../odata/answer.ts";
import { readFailure } from "../odata/read-failure.ts";
import { CookieJar } from "./cookie-jar.ts";
import { sendRequest } from "./send-request.ts";
import type { SapRequest, Wire } from "./send-request.ts";

/** A connection is renewed after this time, so that rotated certificates and SAP sessions do not outlive it for long. */
const maxAgeMs = 30 * 60_000;

export interface SapConnectionOptions {
  readonly maxAnswerBytes: number;
  /** Time after which the unused socket is closed, in ms. */
  readonly idleTimeoutMs: number;
}

/**
 * What SAP calls a session: one keep-alive socket with its cookies and its CSRF token. It carries one request at a time.
 * A token is good only together with the cookies that came with it, which is why no two connections share one.
 */
export class SapConnection {
  readonly #options: SapConnectionOptions;
  readonly #cookies = new CookieJar();
  readonly #bornAt = Date.now();
  #agents: Wire["agents"] | undefined;
  #csrfToken: string | undefined;
  #answers = 0;
  #broken = false;

  constructor(options: SapConnectionOptions) {
    this.#options = options;
  }

  /** Whether it must not be used again. */
  get isSpent(): boolean {
    return this.#broken || Date.now() - this.#bornAt > maxAgeMs;
  }

  /** Sends a request that changes nothing. */
  async read(target: HttpDestination, request: SapRequest, signal: AbortSignal): Promise<Outcome<SapAnswer>> {
    const reused = this.#answers > 0;
    const outcome = await this.#send(target, request, signal);
    if (outcome.ok || outcome.failure.kind !== "sap-unavailable" || !reused || signal.aborted) return outcome;
    // The system may have closed the idle socket at the very moment of the request; a read may be sent again.
    this.#broken = false;
    return this.#send(target, request, signal);
  }

  /** Sends a request that changes something, with a CSRF token of the service; fetches one when there is none or it has expired. */
  async write(
    target: HttpDestination,
    request: SapRequest & { readonly servicePath: string },
    signal: AbortSignal,
  ): Promise<Outcome<SapAnswer>> {
    if (this.#csrfToken === undefined) {
      const failed = await this.#fetchToken(target, request, signal);
      if (failed !== undefined) return failed;
    }
    const answer = await this.#send(target, this.#withToken(request), signal);
    if (!answer.ok || answer.value.status !== 403 || answer.value.headers["x-csrf-token"]?.toLowerCase() !== "required")
      return answer;
    const failed = await this.#fetchToken(target, request, signal);
    return failed ?? this.#send(target, this.#withToken(request), signal);
  }

  close(): void {
    this.#agents?.httpAgent.destroy();
    this.#agents?.httpsAgent.destroy();
  }

  #withToken(request: SapRequest): SapRequest {
    return this.#csrfToken === undefined
      ? request
      : { ...request, headers: { ...request.headers, "x-csrf-token": this.#csrfToken } };
  }

  /** A system that sends no token does not want one. Some services answer HEAD with an error but GET properly. */
  async #fetchToken(
    target: HttpDestination,
    request: SapRequest & { readonly servicePath: string },
    signal: AbortSignal,
  ): Promise<Outcome<never> | undefined> {
    this.#csrfToken = undefined;
    const common = Object.entries(request.headers).filter(([name]) => name !== "if-match" && name !== "content-type");
    const headers = { ...Object.fromEntries(common), "x-csrf-token": "Fetch" };
    for (const method of ["HEAD", "GET"] as const) {
      const answer = await this.read(target, { method, path: `${request.servicePath}/`, headers }, signal);
      if (!answer.ok) return answer;
      const token = answer.value.headers["x-csrf-token"];
      if (token !== undefined && token.toLowerCase() !== "required") {
        this.#csrfToken = token;
        return undefined;
      }
      if (method === "GET" && answer.value.status >= 300) return { ok: false, failure: readFailure(answer.value) };
    }
    return undefined;
  }

  async #send(target: HttpDestination, request: SapRequest, signal: AbortSignal): Promise<Outcome<SapAnswer>> {
    try {
      this.#agents ??= await openAgents(target, this.#options.idleTimeoutMs);
    } catch (error) {
      return fail(
        "sap-unavailable",
        `The certificates of the destination can't be used: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    const cookie = this.#cookies.header();
    const headers = cookie === undefined ? request.headers : { ...request.headers, cookie };
    const wire = { target, agents: this.#agents, maxAnswerBytes: this.#options.maxAnswerBytes, signal };
    const outcome = await sendRequest(wire, { ...request, headers });
    if (!outcome.ok) {
      this.#broken = true;
      return outcome;
    }
    this.#answers += 1;
    const { setCookies, ...answer } = outcome.value;
    this.#cookies.take(setCookies);
    return succeed(answer);
  }
}

/** Agents with one socket each, under the certificates and trust of the destination. */
async function openAgents(target: HttpDestination, idleTimeoutMs: number): Promise<Wire["agents"]> {
  const own = { keepAlive: true, maxSockets: 1, timeout: idleTimeoutMs };
  const config = await getAgentConfig(target);
  const trust = "httpsAgent" in config ? (config.httpsAgent as HttpsAgent).options : {};
  return { httpAgent: new HttpAgent(own), httpsAgent: new HttpsAgent({ ...trust, ...own }) };
}
