import type { Sandbox } from "../local/sandbox/open-sandbox.ts";
import { markerField, markerPrefix } from "./load.ts";

const ordersPath = "/sap/opu/odata/sap/API_SALES_ORDER_SRV/A_SalesOrder";
const pageSize = 500;

/** How many orders SAP itself has for each marker, past all of the product. */
export async function readCreatedOrders(sandbox: Sandbox): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for (let skip = 0; ; skip += pageSize) {
    const query = new URLSearchParams({
      $filter: `startswith(${markerField},'${markerPrefix}')`,
      $select: markerField,
      $orderby: "SalesOrder",
      $top: String(pageSize),
      $skip: String(skip),
    });
    const response = await fetch(`${sandbox.url}${ordersPath}?${query.toString()}`, {
      headers: { accept: "application/json" },
    });
    const { d } = (await response.json()) as { d: { results: readonly Record<string, string>[] } };
    for (const row of d.results) {
      const marker = row[markerField] ?? "";
      found.set(marker, (found.get(marker) ?? 0) + 1);
    }
    if (d.results.length < pageSize) return found;
  }
}
