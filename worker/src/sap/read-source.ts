import { fail, succeed } from "@sap-mcp/shared/outcome.ts";
import type { Outcome } from "@sap-mcp/shared/outcome.ts";
import type { QuerySource } from "../odata/build-query.ts";
import { checkNames } from "../odata/check-names.ts";
import { formatEntityPath } from "../odata/format-key.ts";
import type { Row } from "../odata/format-key.ts";
import type { EntitySet, StructuredType } from "../odata/service-model.ts";
import type { LocatedEntitySet } from "./locate-service.ts";

/** What a read brings: all of a set, or what navigation properties lead to from one of its entities. */
export interface ReadSource extends QuerySource {
  /** Percent-encoded, behind the service's path. */
  readonly path: string;
  readonly many: boolean;
}

export function sourceOf(
  located: LocatedEntitySet,
  { parameters, navigation }: { parameters: Row; navigation?: string | undefined },
): Outcome<ReadSource> {
  const { model, set } = located;
  if (navigation === undefined)
    return succeed({ name: set.name, type: set.type, set, path: encodeURIComponent(set.name), many: true });
  const entity = formatEntityPath(model, set, parameters);
  if (!entity.ok) return entity;
  let type: StructuredType = set.type;
  let from: EntitySet | undefined = set;
  let many = false;
  const segments = navigation.split("/");
  for (const [at, segment] of segments.entries()) {
    const wrong = checkNames(
      [segment],
      type.navigations.keys(),
      `a navigation property of ${at === 0 ? set.name : segments.slice(0, at).join("/")}`,
    );
    if (wrong !== undefined) return wrong;
    if (many) {
      return fail("invalid-input", `navigation can't go on behind ${segment}'s parent, which has many entities.`, {
        guidance: "Read these first, then go on from one of them by its key.",
      });
    }
    const next = type.navigations.get(segment);
    const target = model.types.get(next?.type ?? "");
    if (target === undefined) return fail("bad-answer", `The service does not say what ${segment} leads to.`);
    from = model.entitySets.get(from?.targets.get(segment) ?? "");
    type = target;
    many = next?.many === true;
  }
  const path = [entity.value, ...segments.map(encodeURIComponent)].join("/");
  return succeed({ name: from?.name ?? navigation, type, set: from, path, many, related: true });
}
