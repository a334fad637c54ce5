import { checkNames } from "./check-names.ts";
import { nameType } from "./describe-operation.ts";
import { refuseQuery, valueOrRefuse } from "./refused-query.ts";
import { allowsUse } from "./service-model.ts";
import type { EntitySet, Property, PropertyUse, ServiceModel, StructuredType } from "./service-model.ts";

/** What the names in a query refer to. */
export interface QueryScope {
  readonly model: ServiceModel;
  readonly type: StructuredType | undefined;
  /** The set that is read, where it is known. */
  readonly set?: EntitySet | undefined;
  /** What the variables of the lambdas around stand for. */
  readonly variables?: ReadonlyMap<string, PathTarget>;
}

/** What a path leads to. */
export interface PathTarget {
  readonly path: string;
  /** `Edm.String` or a qualified name; undefined where the service does not declare it. */
  readonly type: string | undefined;
  readonly many: boolean;
  readonly property?: Property;
}

export type QueryOption = "filter" | "$select" | "$expand" | "$orderby" | "$apply";

const uses: Partial<Readonly<Record<QueryOption, PropertyUse>>> = { filter: "filterable", $orderby: "sortable" };

/** Follows a path such as `Customer/Name`; a refusal names the properties nearest to a wrong segment. */
export function resolvePath(scope: QueryScope, path: string, option: QueryOption): PathTarget {
  const { model } = scope;
  const segments = path.split("/");
  const variable = scope.variables?.get(segments[0] as string);
  let target: PathTarget = variable ?? { path: "", type: scope.type?.name, many: false };
  let owner = variable === undefined ? scope.type : model.types.get(variable.type ?? "");
  const isOfSet = variable === undefined && segments.length === 1;
  for (const [at, segment] of segments.entries()) {
    if (at === 0 && (variable !== undefined || segment === "$it")) continue;
    const cast = segment.includes(".") ? model.types.get(segment) : undefined;
    if (cast !== undefined) {
      owner = cast;
      continue;
    }
    if (segment === "$count" && target.many && at === segments.length - 1 && model.odataVersion === "V4")
      return { path, type: "Edm.Int64", many: false };
    if (target.many && option !== "$select" && option !== "$expand" && option !== "$apply")
      refuseMany(scope, target.path, segment);
    const property = owner?.properties.get(segment);
    const declared = (option === "$expand" ? undefined : property) ?? owner?.navigations.get(segment);
    if (declared === undefined) {
      if (owner?.open && /^[\p{L}_][\p{L}\p{Nd}_]*$/u.test(segment)) return { path, type: undefined, many: false };
      const kind = option === "$expand" ? "navigation property" : "property";
      const wrong = checkNames(
        [segment],
        validSegments(owner, option),
        `a ${kind} of ${nameOwner(scope, owner, segments.slice(0, at))}`,
      );
      if (wrong !== undefined) valueOrRefuse(wrong);
    } else {
      target = {
        path: segments.slice(0, at + 1).join("/"),
        type: declared.type,
        many: declared.many,
        ...(declared === property && { property }),
      };
      owner = model.types.get(declared.type);
    }
  }
  checkUse(scope, { ...target, isOfSet }, option);
  return target;
}

/** What has no such property, as the caller knows it: the set, or the path that was gone; a type where neither is known. */
export function nameOwner(
  { model, set, type, variables }: QueryScope,
  owner: StructuredType | undefined,
  path: readonly string[],
): string {
  if (path.length > 0 && variables?.has(path[0] as string) !== true) return path.join("/");
  if (set !== undefined && owner === type && type === set.type) return set.name;
  return owner === undefined ? "what is not declared" : nameType(model, owner.name);
}

function checkUse(
  { set }: QueryScope,
  { path, property, isOfSet }: PathTarget & { isOfSet: boolean },
  option: QueryOption,
) {
  const use = uses[option];
  if (property === undefined || use === undefined) return;
  const isAllowed = set !== undefined && isOfSet ? allowsUse(set, property, use) : !property.not.includes(use);
  if (!isAllowed) {
    refuseQuery(
      `The service declares that ${path} is not ${use}.`,
      "Use other fields; get-entity-schema says of each what it can't be used for.",
    );
  }
}

function refuseMany({ model }: QueryScope, path: string, segment: string): never {
  return refuseQuery(
    `${path} leads to many entities, of which none is meant in particular.`,
    model.odataVersion === "V2"
      ? `OData V2 can't ask about them; read the entity set behind ${path} instead.`
      : `Write ${path}/any(x:x/${segment} eq …), or in filter {"field":"${path}","any":{"field":"${segment}",…}}.`,
  );
}

function validSegments(owner: StructuredType | undefined, option: QueryOption): string[] {
  const navigations = [...(owner?.navigations.keys() ?? [])];
  return option === "$expand" ? navigations : [...(owner?.properties.keys() ?? []), ...navigations];
}
