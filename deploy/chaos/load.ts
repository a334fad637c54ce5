import { setTimeout as sleep } from "node:timers/promises";
import { legacyCaller, modernCaller, timeUp } from "./mcp-caller.ts";
import type { Ending, McpCaller } from "./mcp-caller.ts";

/** One call as its client saw it. Times are in ms of the monotonic clock. */
export interface CallRecord {
  readonly effect: "read" | "write";
  /** Stands in the order that a write creates. */
  readonly marker: string | undefined;
  readonly startedAt: number;
  /** Absent while the call runs. */
  endedAt?: number;
  /** `lost`: no answer by the deadline. `wrong`: the answer belongs to another call. */
  result?: "answered" | "failed" | "broken" | "lost" | "wrong";
  /** Kind of the failure, or why the connection broke. */
  reason?: string;
  /** Why a read was sent again, each time. */
  readonly breaks: string[];
}

export interface LoadOptions {
  readonly mcpUrl: URL;
  readonly readers: number;
  readonly writers: number;
  /** Average pause between two calls of a reader, in ms; writers take three times as long. */
  readonly pauseMs: number;
  /** After so long a call without an answer counts as lost, in ms. */
  readonly deadlineMs: number;
  /** Drops records of calls that were answered, for runs that are long. */
  readonly forgetAnswered?: boolean;
}

export interface Load {
  readonly records: readonly CallRecord[];
  readonly calls: () => number;
  /** Resolves when all calls that began before this moment have ended. */
  readonly settled: () => Promise<void>;
  /** Ends the load when the running calls have ended. */
  readonly stop: () => Promise<void>;
}

const tool = "execute-entity-operation";
const service = { serviceId: "API_SALES_ORDER_SRV", entityName: "A_SalesOrder" };
const orders = 5_000;
const writerPauses = 3;
const users = 5;
export const markerPrefix = "chaos-";

/** Keeps clients of both eras calling, half of them each: readers ask for one order, writers create one each time. */
export function openLoad(options: LoadOptions): Load {
  const records: CallRecord[] = [];
  const running = new Set<CallRecord>();
  let calls = 0;
  const stopping = new AbortController();

  const live = async (
    at: number,
    next: (caller: McpCaller, record: CallRecord) => Promise<void>,
    isWriter: boolean,
  ) => {
    const caller = (at % 2 === 0 ? modernCaller : legacyCaller)(options.mcpUrl, `user-${at % users}`);
    while (!stopping.signal.aborted) {
      await sleep((isWriter ? writerPauses : 1) * options.pauseMs * (0.5 + Math.random()));
      calls += 1;
      const marker = isWriter ? `${markerPrefix}${process.pid}-${calls}` : undefined;
      const record: CallRecord = {
        effect: isWriter ? "write" : "read",
        marker,
        startedAt: performance.now(),
        breaks: [],
      };
      running.add(record);
      if (options.forgetAnswered !== true) records.push(record);
      await next(caller, record);
      record.endedAt = performance.now();
      running.delete(record);
      if (options.forgetAnswered === true && record.result !== "answered") records.push(record);
    }
  };
  const read = async (caller: McpCaller, record: CallRecord) => {
    const key = String(1 + Math.floor(Math.random() * orders));
    const endsAt = record.startedAt + options.deadlineMs;
    const args = { ...service, operation: "read-single", parameters: { SalesOrder: key } };
    const send = () => caller(tool, args, endsAt - performance.now());
    let ending = await send();
    // What a client does whose connection broke: it sends the request again, with a new id.
    while (ending.kind === "broken" && ending.reason !== timeUp && performance.now() < endsAt) {
      record.breaks.push(ending.reason);
      await sleep(100);
      ending = await send();
    }
    settle(record, ending, (entity) => entity.SalesOrder === key);
    // Sent again until time was up, and never answered.
    if (record.result === "broken") record.result = "lost";
  };
  const write = async (caller: McpCaller, record: CallRecord) => {
    const args = { ...service, operation: "create", parameters: { ...order, [markerField]: record.marker } };
    const ending = await caller(tool, args, options.deadlineMs);
    settle(record, ending, (entity) => entity[markerField] === record.marker);
  };
  const clients = [
    ...Array.from({ length: options.readers }, (_, at) => live(at, read, false)),
    ...Array.from({ length: options.writers }, (_, at) => live(at, write, true)),
  ];
  const settled = async () => {
    const waiting = [...running];
    while (waiting.some((record) => running.has(record))) await sleep(50);
  };
  return {
    records,
    calls: () => calls,
    settled,
    stop: async () => {
      stopping.abort();
      await Promise.all(clients);
    },
  };
}

export const markerField = "PurchaseOrderByCustomer";

const order = {
  SalesOrderType: "OR",
  SalesOrganization: "1010",
  DistributionChannel: "10",
  OrganizationDivision: "00",
  SoldToParty: "10000001",
};

type Entity = Readonly<Record<string, unknown>>;

function settle(record: CallRecord, ending: Ending, isOwn: (entity: Entity) => boolean): void {
  if (ending.kind === "answered") {
    record.result = isOwn((ending.content.entity ?? {}) as Entity) ? "answered" : "wrong";
    return;
  }
  record.reason = ending.kind === "failed" ? ending.failure : ending.reason;
  record.result = record.reason === timeUp ? "lost" : ending.kind;
}
