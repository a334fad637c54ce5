import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type feMockserver from "@sap-ux/fe-mockserver-core";
import type { ServiceConfig } from "@sap-ux/fe-mockserver-core";
import { productsV2, productsV4, salesV2, salesV4, withQuery } from "../../local/sandbox/testing/sandbox-client.ts";
import type { SandboxClient, SendOptions } from "../../local/sandbox/testing/sandbox-client.ts";
import type { SandboxUser } from "../../local/sandbox/services/access.ts";
import type { Reply, Send } from "./ask.ts";
import { rowsIn } from "./read-answer.ts";
import type { JsonRow } from "./read-answer.ts";

/** The first rows of a set, and what its navigations lead to. */
type Share = readonly [root: string, set: string, top: number, navigations: Readonly<Record<string, string>>];

const itemsV2 = { to_Item: "A_SalesOrderItem", to_ChangeDocument: "A_SalesOrderChangeDocument" };
const itemsV4 = { _Item: "SalesOrderItem", _ChangeDocument: "SalesOrderChangeDocument", _SoldToParty: "SoldToParty" };

/** All products, but of the sales orders so few that the oracle, which is slow, keeps up. */
const shares: readonly Share[] = [
  [salesV2, "A_SalesOrder", 80, itemsV2],
  [salesV4, "SalesOrder", 80, itemsV4],
  [productsV2, "A_Product", 999, { to_Description: "A_ProductDescription" }],
  [productsV4, "Product", 999, { _ProductDescription: "ProductDescription" }],
];

export interface Oracle extends AsyncDisposable {
  readonly send: Send;
  /** Properties that are numbers, although some write them as strings. */
  readonly numeric: ReadonlySet<string>;
  /** Rows that the oracle was given, by entity set. */
  readonly rows: ReadonlyMap<string, readonly JsonRow[]>;
  /** What a user of the sandbox has to see for both to hold the same rows. */
  readonly visibleRows: NonNullable<SandboxUser["visibleRows"]>;
}

// It is CommonJS with a default export, which Node and Vitest hand out in different ways.
const { default: Mockserver } = createRequire(import.meta.url)("@sap-ux/fe-mockserver-core") as typeof feMockserver;

const silent = { info() {}, warn() {}, error() {}, debug() {} };

/** Starts fe-mockserver-core over the sandbox's own $metadata and a share of its rows; `newKeys` will be created. */
export async function openOracle(sandbox: SandboxClient, newKeys: readonly string[]): Promise<Oracle> {
  await using opened = new AsyncDisposableStack();
  const folder = opened.adopt(await mkdtemp(join(tmpdir(), "sandbox-oracle-")), (it) => rm(it, { recursive: true }));
  const numeric = new Set<string>();
  const rows = new Map<string, JsonRow[]>();
  const services: ServiceConfig[] = [];
  for (const [at, share] of shares.entries()) {
    const [root] = share;
    const mockdataPath = join(folder, String(at));
    const metadataPath = join(mockdataPath, "metadata.xml");
    await mkdir(mockdataPath);
    const { text } = await sandbox.get(`${root}/$metadata`, { accept: "application/xml" });
    await writeFile(metadataPath, text);
    for (const [, name = ""] of text.matchAll(/<Property Name="(\w+)" Type="Edm\.(?:Decimal|Int\d\d)"/g))
      numeric.add(name);
    for (const [set, own] of await readShare(sandbox, share)) {
      rows.set(set, own);
      await writeFile(
        join(mockdataPath, `${set}.json`),
        JSON.stringify(own, (name, it: unknown) => (numeric.has(name) && it !== null ? Number(it) : it)),
      );
    }
    services.push({ urlPath: root, metadataPath, mockdataPath, validateETag: true, logger: silent });
  }
  const mockserver = new Mockserver({ services, logger: silent });
  opened.defer(() => mockserver.dispose());
  await mockserver.isReady;
  const router = mockserver.getRouter();
  const server = createServer((request, response) => router(request, response, () => response.writeHead(404).end()));
  opened.defer(() => server.close().closeAllConnections());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const closing = opened.move();
  const { port } = server.address() as AddressInfo;
  return {
    send: (path, options) => send(`http://127.0.0.1:${port}${path}`, options),
    numeric,
    rows,
    visibleRows: visibleRowsOf(rows, newKeys),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

async function send(url: string, { method = "GET", headers = {}, body }: SendOptions): Promise<Reply> {
  const response = await fetch(url, {
    method,
    headers: { accept: "application/json", "content-type": "application/json", ...headers },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** By the first field of the key, which tells the rows that were handed over from the others. */
function visibleRowsOf(
  rows: ReadonlyMap<string, readonly JsonRow[]>,
  newKeys: readonly string[],
): NonNullable<SandboxUser["visibleRows"]> {
  const limits = [...rows].map(([set, own]) => {
    const [key = ""] = Object.keys(own[0] ?? {});
    return [set, { [key]: [...new Set(own.map((row) => String(row[key]))), ...newKeys] }] as const;
  });
  return Object.fromEntries(limits);
}

async function readShare(
  sandbox: SandboxClient,
  [root, set, top, navigations]: Share,
): Promise<Map<string, JsonRow[]>> {
  const query = { $top: top, $expand: Object.keys(navigations).join(",") };
  const { text } = await sandbox.get(withQuery(`${root}/${set}`, query), {
    accept: "application/json;IEEE754Compatible=true",
  });
  const rows = rowsIn(JSON.parse(text));
  const found = new Map([[set, rows.map(ownFields)]]);
  for (const [navigation, target] of Object.entries(navigations))
    found.set(
      target,
      rows.flatMap((row) => rowsIn(row[navigation]).map(ownFields)),
    );
  return found;
}

function ownFields(row: JsonRow): JsonRow {
  const isOwn = (value: unknown) => typeof value !== "object" || value === null;
  return Object.fromEntries(Object.entries(row).filter(([name, value]) => !name.includes("@") && isOwn(value)));
}
