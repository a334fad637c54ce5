import type { SandboxUser } from "../services/access.ts";
import type { SapAnswer, SapRequest } from "./answer-sap.ts";
import type { FaultRule } from "./faults.ts";
import type { SandboxState } from "./sandbox-state.ts";

type Control = (state: SandboxState, body: unknown) => unknown;

/** What tests and demonstrations may do to a sandbox, beside SAP's own interfaces. */
const controls: Readonly<Record<string, Control>> = {
  "GET /sandbox/ledger": ({ ledger }) => ({ total: ledger.total, entries: ledger.entries() }),
  "DELETE /sandbox/ledger": ({ ledger }) => ledger.clear(),
  "GET /sandbox/stats": ({ traffic, ledger, sessions }) => ({
    ...traffic.stats(),
    writes: ledger.total,
    sessions: sessions.size,
  }),
  "DELETE /sandbox/stats": ({ traffic }) => traffic.reset(),
  "GET /sandbox/faults": ({ faults }) => ({ faults: faults.list() }),
  "POST /sandbox/faults": ({ faults }, body) => {
    faults.add(parseFault(body));
    return { faults: faults.list() };
  },
  "DELETE /sandbox/faults": ({ faults }) => faults.clear(),
  "POST /sandbox/expire-sessions": ({ sessions }) => sessions.expireAll(),
  "POST /sandbox/users": (state, body) => {
    state.users = parseUsers(body);
  },
  "POST /sandbox/reset": (state) => {
    state.database.reset();
    state.ledger.clear();
    state.faults.clear();
    state.traffic.reset();
    state.users = [];
  },
};

/** Answers a request below /sandbox/. Wrong ones get 400 or 404 and a message. */
export function answerControl({ method, path, body }: SapRequest, state: SandboxState): SapAnswer {
  const control = controls[`${method} ${path}`];
  if (control === undefined)
    return json(404, { error: `There is no ${method} ${path}. There is: ${Object.keys(controls).join(", ")}` });
  try {
    const result = control(state, body.trim() === "" ? {} : JSON.parse(body));
    return result === undefined ? { status: 204, headers: {}, body: "" } : json(200, result);
  } catch (error) {
    return json(400, { error: (error as Error).message });
  }
}

const faultTypes: Readonly<Record<keyof FaultRule, "number" | "boolean" | "string">> = {
  latencyMs: "number",
  jitterMs: "number",
  failRate: "number",
  failStatus: "number",
  html: "boolean",
  retryAfterSeconds: "number",
  hang: "boolean",
  closeSocket: "boolean",
  afterExecution: "boolean",
  matching: "string",
  times: "number",
};

function parseFault(body: unknown): FaultRule {
  if (typeof body !== "object" || body === null) throw new Error("A fault is a JSON object");
  for (const [name, value] of Object.entries(body)) {
    const type = Object.hasOwn(faultTypes, name) ? faultTypes[name as keyof FaultRule] : undefined;
    if (type === undefined) throw new Error(`A fault has no '${name}'; it has: ${Object.keys(faultTypes).join(", ")}`);
    if (typeof value !== type || (typeof value === "number" && value < 0))
      throw new Error(`'${name}' must be a ${type} that is not negative`);
  }
  const rule = body as FaultRule;
  if ((rule.failRate ?? 0) > 1) throw new Error("'failRate' must be between 0 and 1");
  if (rule.failStatus !== undefined && !(rule.failStatus >= 200 && rule.failStatus <= 599))
    throw new Error("'failStatus' must be an HTTP status from 200 to 599");
  return rule;
}

function parseUsers(body: unknown): readonly SandboxUser[] {
  const users = (body as { users?: unknown } | null)?.users;
  const isUser = (user: unknown) => typeof (user as SandboxUser | null)?.name === "string";
  if (!Array.isArray(users) || !users.every(isUser))
    throw new Error("Give { users: [{ name, password, deniedSets, visibleRows }] }");
  return users as SandboxUser[];
}

function json(status: number, content: unknown): SapAnswer {
  return { status, headers: { "content-type": "application/json;charset=utf-8" }, body: JSON.stringify(content) };
}
