import type { SapAnswer } from "./answer.ts";
import type { BatchRequest } from "./batch-request.ts";

/**
 * The place in a change set of the request that SAP's one error is about: by the content id of the answer, by one that
 * the error names (`ContentID` in V2, an annotation of that name in V4), or by a target that leads to the entity.
 */
export function findCulprit(
  requests: readonly BatchRequest[],
  ids: readonly string[],
  { answer, id }: { answer: SapAnswer; id: string | undefined },
): number | undefined {
  if (requests.length === 1) return 0;
  const { ids: named, targets } = readNames(answer.body);
  const byId = [id, ...named, ...targets.map((it) => /^\/?\$(\w+)/.exec(it)?.[1])]
    .map((it) => ids.indexOf(it ?? ""))
    .find((at) => at !== -1);
  if (byId !== undefined) return byId;
  const leadsTo = ({ path }: BatchRequest) =>
    path.includes("(") && targets.some((it) => it.includes(decodeURIComponent(path)));
  const [only, another] = requests.filter(leadsTo);
  return only === undefined || another !== undefined ? undefined : requests.indexOf(only);
}

/** The content ids and targets anywhere in an error; a page or XML names none. */
function readNames(body: string): { ids: string[]; targets: string[] } {
  const ids: string[] = [];
  const targets: string[] = [];
  try {
    JSON.parse(body, (name, value: unknown) => {
      if (typeof value === "string" && /ContentID$/i.test(name)) ids.push(value);
      if (typeof value === "string" && name === "target") targets.push(value);
      return value;
    });
  } catch {
    return { ids: [], targets: [] };
  }
  return { ids, targets };
}
