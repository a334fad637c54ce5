import type { Database } from "../data/database.ts";
import type { SandboxUser } from "../services/access.ts";
import type { FoundService, ServiceMiss } from "../services/service-registry.ts";
import type { CsrfSessions } from "./csrf-sessions.ts";
import type { Faults } from "./faults.ts";
import type { Ledger } from "./ledger.ts";
import type { Traffic } from "./traffic.ts";

/** Everything that one sandbox holds while it runs. */
export interface SandboxState {
  readonly client: string;
  readonly database: Database;
  readonly findService: (path: string) => FoundService | ServiceMiss;
  readonly sessions: CsrfSessions;
  readonly ledger: Ledger;
  readonly traffic: Traffic;
  readonly faults: Faults;
  /** Those who may log on; everybody when empty. Exchanged through the control API. */
  users: readonly SandboxUser[];
}
