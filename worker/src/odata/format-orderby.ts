import { refuseQuery } from "./refused-query.ts";
import { resolvePath } from "./resolve-path.ts";
import type { QueryScope } from "./resolve-path.ts";

/** `Name desc,City`, each path checked. Throws through `refuseQuery`. */
export function formatOrderby(scope: QueryScope, text: string | undefined): string {
  const items = (text ?? "").split(",").map((item) => item.trim());
  return items
    .filter((item) => item !== "")
    .map((item) => {
      const [, path = "", direction = ""] = /^([^\s()']+)(?:\s+(asc|desc)(?:ending)?)?$/i.exec(item) ?? [];
      if (path === "")
        refuseQuery(`$orderby has a part that can't be read: ${item.slice(0, 80)}.`, 'Write "Name desc,City".');
      resolvePath(scope, path, "$orderby");
      return direction === "" ? path : `${path} ${direction.toLowerCase()}`;
    })
    .join(",");
}
