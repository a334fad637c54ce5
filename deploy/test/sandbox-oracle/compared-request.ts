import type { JsonRow } from "./read-answer.ts";

/** One line of the request list, sent to the sandbox and to the oracle. */
export interface ComparedRequest extends Details {
  readonly root: string;
  readonly method: string;
  /** Behind the root; the values of its query options are not yet percent-encoded, its keys are. */
  readonly path: string;
  /** Absent where both must say the same. */
  readonly oracleIsWrong?: { readonly because: string; readonly right: RightAnswer };
}

interface Details {
  readonly body?: JsonRow | string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The state that a change names: the one just read, or one that never was. */
  readonly ifMatch?: "current" | "stale";
  readonly withoutToken?: boolean;
}

/** What SAP answers, and so the sandbox, where the oracle does not. Errors in JSON have SAP's envelope, too. */
export interface RightAnswer {
  /** 200 when absent. */
  readonly status?: number;
  /** These rows with these fields and no others. */
  readonly rows?: readonly JsonRow[];
  /** What to replace in the path, and by what, for a request that the oracle understands and that has the same answer. */
  readonly asIf?: readonly [from: string | RegExp, to: string];
  readonly text?: RegExp;
  readonly headers?: Readonly<Record<string, string>>;
  /** Statuses of the answers in a batch. */
  readonly parts?: readonly number[];
}

/** `line` is a path to read, or a method and a path. */
export function request(root: string, line: string, details: Details = {}): ComparedRequest {
  const [, method = "GET", path = ""] = /^(?:([A-Z]+) )?(.*)$/.exec(line) ?? [];
  return { root, method, path, ...details };
}

/** A path of V2, as it reads in V4. */
export function inTermsOfV4(path: string): string {
  return path.replaceAll("A_", "").replaceAll("to_", "_").replace("$inlinecount=allpages", "$count=true");
}

/** Quotes doubled, then percent-encoded. */
export function keyOf(product: string): string {
  return `(Product='${encodeURIComponent(product.replaceAll("'", "''"))}')`;
}

export function wrong(compared: ComparedRequest, because: string, right: RightAnswer): ComparedRequest {
  return { ...compared, oracleIsWrong: { because, right } };
}

/** An error with this in its body. */
export function refused(status: number, text: RegExp): RightAnswer {
  return { status, text };
}

export type BatchOperation = readonly [line: string, body?: JsonRow];

/** A $batch in which each operation has its place among all as its content id; operations in a list are a change set. */
export function batch(root: string, parts: readonly (BatchOperation | readonly BatchOperation[])[]): ComparedRequest {
  let id = 0;
  const writeOperation = ([line, body]: BatchOperation) =>
    `Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: ${++id}\r\n\r\n` +
    `${line} HTTP/1.1\r\nAccept: application/json\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(body) ?? ""}\r\n`;
  const writeChangeSet = (operations: readonly BatchOperation[]) =>
    `Content-Type: multipart/mixed; boundary=c\r\n\r\n${operations.map((one) => `--c\r\n${writeOperation(one)}`).join("")}--c--\r\n\r\n`;
  const isOperation = (part: (typeof parts)[number]): part is BatchOperation => typeof part[0] === "string";
  const body = parts
    .map((part) => `--b\r\n${isOperation(part) ? writeOperation(part) : writeChangeSet(part)}`)
    .join("");
  const headers = { "content-type": "multipart/mixed; boundary=b" };
  return request(root, "POST $batch", { body: `${body}--b--\r\n`, headers });
}
