import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { principalOf } from "@sap-mcp/shared/caller.ts";
import type { InputOf, OutputOf } from "@sap-mcp/shared/contracts/define-job.ts";
import type { executeEntityOperation } from "@sap-mcp/shared/contracts/execute-entity-operation.ts";
import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import { cutRows, writeRows } from "../odata/cut-rows.ts";
import type { Row } from "../odata/format-key.ts";
import type { SapSystem } from "./open-sap-system.ts";
import type { RowsRead } from "./read-entities.ts";
import type { SapCall } from "./sap-call.ts";
import { waitWithin } from "./wait-within.ts";

type Input = InputOf<typeof executeEntityOperation>;
type Output = OutputOf<typeof executeEntityOperation>;

/** Where rows come from. */
export type Origin = Pick<Output, "destination" | "service" | "entitySet" | "navigation" | "operation">;

/** A page that waits in the shared store for whoever has its cursor and is the one who read it. */
interface ParkedPage {
  readonly principal: string;
  readonly asked: Asked;
  readonly origin: Origin;
  readonly rows: Row[];
  readonly facts: Pick<Output, "total" | "hasMore" | "nextSkip" | "nextCursor" | "warnings">;
}

/** What decides which rows a read brings; whoever repeats some of it with a cursor must mean the same. */
const decisive = ["serviceId", "entityName", "filter", "parameters", "queryOptions", "navigation"] as const;

type Asked = Pick<Input, (typeof decisive)[number] | "format">;

export interface AnswerContext {
  readonly sap: SapSystem;
  readonly input: Input;
  readonly call: SapCall;
}

/** The rows as far as they fit into an answer; the others are parked, and any worker serves them by `nextCursor`. */
export async function answerRows({ sap, input, call }: AnswerContext, origin: Origin, read: RowsRead): Promise<Output> {
  const { maxChars } = sap.settings.read;
  const { format = "rows" } = input;
  const [first = [], ...others] = cutRows(read.rows, format, Math.min(input.maxChars ?? maxChars, maxChars));
  const total = read.total === undefined ? {} : { total: read.total };
  // Who asks for no rows would otherwise be sent to where it already is.
  const nextSkip = read.rows.length > 0 ? { nextSkip: read.skip + read.rows.length } : {};
  const more = read.hasMore === undefined ? {} : { hasMore: read.hasMore };
  const end = read.hasMore === true ? { ...more, ...nextSkip } : more;
  const answer = { ...origin, ...writeRows(first, format), count: first.length, ...total };
  if (others.length === 0) return { ...answer, ...end, ...withWarnings(read.warnings) };
  const cursor = await park({ sap, input, call }, { origin, pages: others, facts: total, end });
  if (cursor !== undefined) return { ...answer, hasMore: true, nextCursor: cursor, ...withWarnings(read.warnings) };
  const cut = `Only ${first.length} of ${read.rows.length} rows fit into the answer; go on with nextSkip.`;
  return { ...answer, hasMore: true, nextSkip: read.skip + first.length, ...withWarnings([...read.warnings, cut]) };
}

interface Pages {
  readonly origin: Origin;
  readonly pages: readonly Row[][];
  /** What each page says, and what the last one says besides. */
  readonly facts: ParkedPage["facts"];
  readonly end: ParkedPage["facts"];
}

/** The cursor of the first of the pages; undefined where they can't be kept. */
async function park(
  { sap, input, call }: AnswerContext,
  { origin, pages, facts, end }: Pages,
): Promise<string | undefined> {
  const { store, settings } = sap;
  if (store === undefined) return undefined;
  // Nobody can guess it, and it is of use to its owner only.
  const id = randomBytes(18).toString("base64url");
  const { serviceId, entityName, filter, parameters, queryOptions, navigation, format } = input;
  const asked = { serviceId, entityName, filter, parameters, queryOptions, navigation, format };
  const principal = principalOf(call.caller);
  try {
    await Promise.all(
      pages.map((rows, at) => {
        const following = at === pages.length - 1 ? end : { hasMore: true, nextCursor: `${id}.${at + 1}` };
        const page: ParkedPage = { principal, asked, origin, rows, facts: { ...facts, ...following } };
        return store.set(keyOf(`${id}.${at}`), JSON.stringify(page), settings.read.cursorTtlMs);
      }),
    );
    return `${id}.0`;
  } catch (error) {
    call.log.warn({ err: error }, "rows could not be parked");
    return undefined;
  }
}

/** The page that a cursor stands for. */
export async function resumeRows(
  sap: SapSystem,
  input: Input & { cursor: string },
  call: SapCall,
): Promise<Outcome<Output>> {
  let parked: string | undefined;
  try {
    const waited = await waitWithin(sap.store?.get(keyOf(input.cursor)) ?? Promise.resolve(undefined), call.signal);
    if (!waited.ok) return waited;
    parked = waited.value;
  } catch (error) {
    call.log.warn({ err: error }, "parked rows could not be read");
    return fail("queue-unavailable", "The rows behind the cursor can't be reached at the moment.", {
      guidance: "Try again with the same cursor, or read again without it.",
    });
  }
  const page = parked === undefined ? undefined : (JSON.parse(parked) as ParkedPage);
  // Whether somebody else has such a cursor is nobody's business.
  if (page === undefined || page.principal !== principalOf(call.caller)) {
    const minutes = Math.round(sap.settings.read.cursorTtlMs / 60_000);
    return fail("not-found", "There is no such cursor, or it has expired.", {
      guidance: `Rows are kept for ${minutes} minutes. Repeat the read without cursor.`,
    });
  }
  const { asked, origin, rows, facts } = page;
  const isElsewhere = (input.destination ?? sap.settings.destinations[0]) !== origin.destination;
  const other = isElsewhere
    ? "destination"
    : decisive.find((name) => input[name] !== undefined && !isDeepStrictEqual(input[name], asked[name]));
  if (other !== undefined) {
    return fail("invalid-input", `The cursor goes on with a read that had another ${other}.`, {
      guidance: "Send it with the arguments of that read, or with serviceId, entityName and operation alone.",
    });
  }
  const format = input.format ?? asked.format ?? "rows";
  return succeed({ ...origin, ...writeRows(rows, format), count: rows.length, ...facts });
}

function keyOf(cursor: string): string {
  return `cursor:${cursor}`;
}

function withWarnings(warnings: readonly string[]): Pick<Output, "warnings"> {
  return warnings.length > 0 ? { warnings: [...warnings] } : {};
}
