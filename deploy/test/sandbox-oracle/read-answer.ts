export type JsonRow = Readonly<Record<string, unknown>>;

/** What an answer says, apart from how its server writes it. */
export interface ReadAnswer {
  readonly status: number;
  readonly count: number | undefined;
  /** In the order of the answer. */
  readonly rows: readonly JsonRow[];
}

/** Without metadata, links and nulls, and with numbers and moments of one form; the rows of an error are none. */
export function readAnswer(status: number, text: string, numeric: ReadonlySet<string>): ReadAnswer {
  if (status >= 400 || text === "") return { status, count: undefined, rows: [] };
  const json: unknown = JSON.parse(text);
  if (!isObject(json)) return { status, count: undefined, rows: [{ value: json }] };
  const count = json["@odata.count"] ?? (json["d"] as JsonRow | undefined)?.["__count"];
  return {
    status,
    count: count === undefined ? undefined : Number(count),
    rows: rowsIn(json).map((row) => plainRow(row, numeric)),
  };
}

/** The answers in a batch, one behind the other, whatever change set they are in. */
export function readBatch(text: string, numeric: ReadonlySet<string>): ReadAnswer[] {
  const answers = text.startsWith("{")
    ? (JSON.parse(text) as { responses: { status: number; body?: unknown }[] }).responses
    : text
        .split("HTTP/1.1 ")
        .slice(1)
        .map((part) => {
          return { status: Number(part.slice(0, 3)), body: /^\r?\n([{\d][^\r\n]*)/m.exec(part)?.[1] };
        });
  return answers.map(({ status, body = "" }) => {
    const content = typeof body === "string" ? body : JSON.stringify(body);
    return { ...readAnswer(status, content, numeric), count: undefined };
  });
}

/** The rows of a list or of an expansion, or the one entity. */
export function rowsIn(json: unknown): readonly JsonRow[] {
  if (!isObject(json)) return [];
  const content = isObject(json["d"]) ? json["d"] : json;
  const rows = Array.isArray(content) ? content : (content["results"] ?? content["value"]);
  return Array.isArray(rows) ? (rows as JsonRow[]) : [content];
}

function plainRow(row: JsonRow, numeric: ReadonlySet<string>): JsonRow {
  const fields = Object.entries(row)
    .filter(([name, value]) => value !== null && !name.startsWith("__") && !name.includes("@") && !isDeferred(value))
    .map(([name, value]) => [name, plainValue(value, numeric.has(name), numeric)] as const);
  return Object.fromEntries(fields);
}

function plainValue(value: unknown, isNumber: boolean, numeric: ReadonlySet<string>): unknown {
  if (isObject(value)) return rowsIn(value).map((row) => plainRow(row, numeric));
  if (isNumber) return Number(value);
  if (typeof value !== "string") return value;
  const milliseconds = /^\/Date\((-?\d+)(?:[+-]\d{4})?\)\/$/.exec(value)?.[1];
  if (milliseconds !== undefined) return Number(milliseconds);
  return /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : value;
}

function isDeferred(value: unknown): boolean {
  return isObject(value) && "__deferred" in value;
}

function isObject(value: unknown): value is JsonRow {
  return typeof value === "object" && value !== null;
}
