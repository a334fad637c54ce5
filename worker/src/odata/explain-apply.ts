import type { Failure } from "@sap-mcp/shared/failure.ts";
import type { BuiltQuery, QuerySource } from "./build-query.ts";

const instead =
  "read the rows with $select, page by page, and add them up, or look for another service with search-sap-services.";

/** A failure of SAP with what to do instead, where an aggregation was asked for. */
export function explainApply(
  failure: Failure,
  { apply }: BuiltQuery,
  source: Pick<QuerySource, "name" | "set">,
): Failure {
  const { kind, message } = failure;
  if (apply === undefined || (kind !== "rejected" && kind !== "sap-error")) return failure;
  const isUnsupported = /not (yet )?(supported|implemented)/i.test(message);
  const guidance = [
    ...apply.slice(0, 1).map(readAfterwards),
    isUnsupported ? `${source.name} cannot aggregate like this: ${instead}` : doubtApply(source),
  ].filter((it) => it !== "");
  return guidance.length === 0 ? failure : { ...failure, guidance: guidance.join(" ") };
}

/** What is to be known before `$apply` is tried on a set of which the service does not say that it takes it. */
export function doubtApply({ name, set }: Pick<QuerySource, "name" | "set">): string {
  return set?.apply === undefined
    ? `The service does not declare that ${name} can aggregate; if it can't, ${instead}`
    : "";
}

/** Few services group by what lies behind a navigation property. */
export function readAfterwards(path: string): string {
  return `Instead of ${path}, group by the field of this entity set that refers there, and read the names afterwards from their own entity set: filter with op "in" and the values found.`;
}
