import type { Caller } from "@sap-mcp/shared/caller.ts";
import type { IncomingHttpHeaders } from "node:http";

/** Finds out who sends a request; rejects a request whose sender can't be established. */
export type Authenticate = (headers: IncomingHttpHeaders) => Promise<Caller>;

/** Everybody is the same local user with every right; only for a server that the loopback address alone reaches. */
export const authenticateNobody: Authenticate = () =>
  Promise.resolve({ tenant: "local", user: "local", scopes: ["read", "write", "delete", "discover", "admin"] });
