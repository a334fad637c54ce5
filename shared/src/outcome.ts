import type { Failure, FailureKind } from "./failure.ts";

/** The result of work that may fail in expected ways; exceptions are left for defects. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export function succeed<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

/** A failed outcome; `facts` adds guidance, SAP's code and the like. */
export function fail(
  kind: FailureKind,
  message: string,
  facts: Omit<Failure, "kind" | "message"> = {},
): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { kind, message, ...facts } };
}
