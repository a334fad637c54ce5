import { check, sleep } from "k6";
import http from "k6/http";
import { callTool, legacyUser, modernUser } from "./mcp.js";

export const options = {
  thresholds: JSON.parse(open("../thresholds.json")),
  scenarios: {
    modern: { executor: "constant-vus", vus: 5, duration: "30s", exec: "modern" },
    legacy: { executor: "constant-vus", vus: 5, duration: "30s", exec: "legacy" },
  },
};

/** Both eras walk the way of an agent: find a service, look at it, read, write. */
export function modern() {
  walk(modernUser());
}

export function legacy() {
  walk(legacyUser());
}

function walk(user) {
  const found = callTool(user, "search-sap-services", { query: "sales order" });
  const serviceId = "API_SALES_ORDER_SRV";
  check(found, { "search finds the service": (it) => it?.services.some(({ id }) => id === "API_SALESORDER") });
  callTool(user, "discover-service-entities", { serviceId });
  const entityName = "A_SalesOrder";
  callTool(user, "get-entity-schema", { serviceId, entityName });
  const read = callTool(user, "execute-entity-operation", {
    serviceId,
    entityName,
    operation: "read",
    queryOptions: { $top: 20 },
  });
  check(read, { "read brings 20 rows": (it) => it?.rows.length === 20 });
  const SalesOrder = read?.rows[0]?.SalesOrder;
  callTool(user, "execute-entity-operation", {
    serviceId,
    entityName,
    operation: "read-single",
    parameters: { SalesOrder },
  });
  check(http.get(`${__ENV.HEALTH_URL}`), { "health is 200": (it) => it.status === 200 });
  sleep(0.2);
}
