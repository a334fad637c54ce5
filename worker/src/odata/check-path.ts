import type { fail } from "@sap-mcp/shared/outcome.ts";
import { checkNames } from "./check-names.ts";
import type { ServiceModel, StructuredType } from "./service-model.ts";

interface PathToCheck {
  readonly path: string;
  readonly option: "$select" | "$expand" | "$orderby";
}

/** Follows a path such as `Customer/Name` from a type; the failure names the properties nearest to a wrong segment. */
export function checkPath(
  model: ServiceModel,
  type: StructuredType,
  { path, option }: PathToCheck,
): ReturnType<typeof fail> | undefined {
  let owner: StructuredType | undefined = type;
  for (const segment of path.split("/")) {
    const cast: StructuredType | undefined = model.types.get(segment);
    if (cast !== undefined) {
      owner = cast;
      continue;
    }
    if (owner?.open) return undefined;
    const wrong = checkNames(
      [segment],
      validSegments(owner, option),
      `a ${option === "$expand" ? "navigation property" : "property"} of ${owner?.name ?? path}`,
    );
    if (wrong !== undefined) return wrong;
    owner = model.types.get(owner?.properties.get(segment)?.type ?? owner?.navigations.get(segment)?.type ?? "");
  }
  return undefined;
}

function validSegments(owner: StructuredType | undefined, option: PathToCheck["option"]): string[] {
  const navigations = [...(owner?.navigations.keys() ?? [])];
  return option === "$expand" ? navigations : [...(owner?.properties.keys() ?? []), ...navigations];
}
