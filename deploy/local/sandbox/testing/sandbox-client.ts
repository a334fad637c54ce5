import { openSandbox } from "../open-sandbox.ts";
import type { Sandbox, SandboxOptions } from "../open-sandbox.ts";

export const salesV2 = "/sap/opu/odata/sap/API_SALES_ORDER_SRV";
export const partnersV2 = "/sap/opu/odata/sap/API_BUSINESS_PARTNER";
export const productsV2 = "/sap/opu/odata/sap/API_PRODUCT_SRV";
export const salesV4 = "/sap/opu/odata4/sap/api_salesorder/srvd_a2x/sap/salesorder/0001";
export const partnersV4 = "/sap/opu/odata4/sap/api_businesspartner/srvd_a2x/sap/businesspartner/0001";
export const productsV4 = "/sap/opu/odata4/sap/api_product/srvd_a2x/sap/product/0001";
export const promotions = "/sap/opu/odata4/sap/ui_salespromotion/srvd_a2x/sap/ui_salespromotion/0001";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** What stands in the JSON body at a path such as `d/results/0/SalesOrder`; undefined when there is nothing. */
  readonly at: (path: string) => unknown;
}

export interface SendOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, or as it is when it is a string. */
  readonly body?: unknown;
}

/** What a well-behaved client of SAP does: it asks for JSON, and sends token and cookie with what changes something. */
export interface SandboxClient extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly get: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Answer>;
  readonly send: (path: string, options: SendOptions) => Promise<Answer>;
  /** Without token and cookie. */
  readonly plain: (path: string, options?: SendOptions) => Promise<Answer>;
}

export async function startClient(sandboxOptions: SandboxOptions = {}, credentials = ""): Promise<SandboxClient> {
  const sandbox = await openSandbox(sandboxOptions);
  const login: Record<string, string> = credentials === "" ? {} : { authorization: `Basic ${btoa(credentials)}` };
  let session: Record<string, string> | undefined;

  async function plain(path: string, { method = "GET", headers = {}, body }: SendOptions = {}): Promise<Answer> {
    const response = await fetch(sandbox.url + path, {
      method,
      headers: { accept: "application/json", "content-type": "application/json", ...login, ...headers },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, at: (where) => lookUp(parse(text), where) };
  }

  async function fetchSession(): Promise<Record<string, string>> {
    const { headers } = await plain(`${salesV2}/`, { headers: { "x-csrf-token": "Fetch" } });
    const cookie = headers
      .getSetCookie()
      .map((one) => one.split(";")[0])
      .join("; ");
    return { cookie, "x-csrf-token": headers.get("x-csrf-token") ?? "" };
  }

  return {
    sandbox,
    get: (path, headers = {}) => plain(path, { headers }),
    send: async (path, options) => {
      session ??= await fetchSession();
      return plain(path, { ...options, headers: { ...session, ...options.headers } });
    },
    plain,
    [Symbol.asyncDispose]: () => sandbox.close(),
  };
}

/** A path whose query option values are encoded as a careful client does. */
export function withQuery(path: string, query: Readonly<Record<string, string | number>>): string {
  return `${path}?${Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&")}`;
}

function lookUp(json: unknown, path: string): unknown {
  return path.split("/").reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], json);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
