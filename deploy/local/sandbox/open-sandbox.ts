import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Logger } from "@sap-mcp/shared/logger.ts";
import { Database } from "./data/database.ts";
import { seedCatalogs } from "./data/seed-catalogs.ts";
import { seedDatabase } from "./data/seed-database.ts";
import { CsrfSessions } from "./http/csrf-sessions.ts";
import { Faults } from "./http/faults.ts";
import type { FaultRule } from "./http/faults.ts";
import { Ledger } from "./http/ledger.ts";
import type { LedgerEntry } from "./http/ledger.ts";
import type { SandboxState } from "./http/sandbox-state.ts";
import { serveRequest } from "./http/serve-request.ts";
import { Traffic } from "./http/traffic.ts";
import type { TrafficStats } from "./http/traffic.ts";
import type { SandboxUser } from "./services/access.ts";
import { businessServices, catalogServices } from "./services/all-services.ts";
import { createServiceRegistry } from "./services/service-registry.ts";

export interface SandboxOptions {
  /** Port to listen on; a free one when 0 or absent. */
  readonly port?: number;
  readonly host?: string;
  /** The SAP client that exists. */
  readonly client?: string;
  /** Those who may log on; everybody when empty. */
  readonly users?: readonly SandboxUser[];
  readonly log?: Logger;
}

/** A running sandbox SAP system. */
export interface Sandbox {
  /** Origin, without a slash at its end. */
  readonly url: string;
  readonly port: number;
  readonly ledger: () => readonly LedgerEntry[];
  readonly stats: () => TrafficStats;
  readonly addFault: (rule: FaultRule) => void;
  readonly resetFaults: () => void;
  readonly expireSessions: () => void;
  readonly close: () => Promise<void>;
}

/** What the catalog of a real system names: its own host, which nobody outside can reach. */
const internalOrigin = "http://vhs4hci.sandbox.internal:44300";

/** Starts a stand-in for an S/4HANA system: OData V2 and V4 over seeded business data, all of it in memory. */
export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, host = "127.0.0.1", client = "100", users = [], log } = options;
  const database = new Database([...seedDatabase(), ...seedCatalogs(businessServices, internalOrigin)]);
  const state: SandboxState = {
    client,
    database,
    findService: createServiceRegistry([...businessServices, ...catalogServices], database),
    sessions: new CsrfSessions(client),
    ledger: new Ledger(),
    traffic: new Traffic(),
    faults: new Faults(),
    users,
  };
  const server = createServer({ keepAliveTimeout: 65_000 }, (incoming, response) => {
    serveRequest(incoming, response, state).catch((error: unknown) => {
      log?.error({ err: error, url: incoming.url }, "sandbox request failed");
      response.destroy();
    });
  });
  server.on("connection", (socket) => {
    state.traffic.connectionOpened();
    socket.once("close", () => state.traffic.connectionClosed());
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, host, resolve));
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host === "0.0.0.0" ? "127.0.0.1" : host}:${address.port}`,
    port: address.port,
    ledger: () => state.ledger.entries(),
    stats: () => state.traffic.stats(),
    addFault: (rule) => state.faults.add(rule),
    resetFaults: () => state.faults.clear(),
    expireSessions: () => state.sessions.expireAll(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
