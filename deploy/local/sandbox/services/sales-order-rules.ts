import { randomUUID } from "node:crypto";
import { addDecimals, compareDecimals, multiplyDecimals } from "../data/decimal.ts";
import type { Database } from "../data/database.ts";
import { currencyScales } from "../data/seed-sales-orders.ts";
import type { Row, Values } from "../model/field.ts";
import { refuseBusiness } from "../odata/sap-error.ts";
import type { TableRules } from "./table-rules.ts";

export const salesOrderRules: TableRules = {
  prepareCreate(given, { database, user }) {
    const partner = database.table("businessPartner").get(String(given["SoldToParty"]))?.values;
    if (partner === undefined)
      throw refuseBusiness("VP/112", `Customer ${String(given["SoldToParty"])} does not exist`, "SoldToParty");
    if (partner["BusinessPartnerIsBlocked"] === true) {
      throw refuseBusiness(
        "R11/124",
        `Business partner ${String(given["SoldToParty"])} is centrally blocked`,
        "SoldToParty",
      );
    }
    const now = new Date();
    const today = now.toISOString().slice(0, 10);
    return {
      ...given,
      SalesOrder: given["SalesOrder"] || String(database.nextNumber("salesOrder", 60_000_000)),
      SalesOrderDate: given["SalesOrderDate"] ?? today,
      TotalNetAmount: "0",
      TransactionCurrency: given["TransactionCurrency"] || "EUR",
      OverallSDProcessStatus: "A",
      OverallDeliveryStatus: "A",
      OverallSDDocumentRejectionSts: "A",
      SalesOrderInternalID: 9_007_199_254_800_000n + BigInt(database.nextNumber("salesOrderInternal", 1)),
      SalesOrderUUID: randomUUID(),
      CreatedByUser: user,
      CreationDate: today,
      CreationTime: now.toISOString().slice(11, 19),
      LastChangeDateTime: now.getTime(),
    };
  },
  prepareUpdate(before, after) {
    refuseIfCompleted(before);
    return { ...after, LastChangeDateTime: Date.now() };
  },
  checkDelete(before, { database }) {
    refuseIfCompleted(before);
    if (before["OverallSDProcessStatus"] !== "A") {
      throw refuseBusiness(
        "V1/042",
        `Sales order ${String(before["SalesOrder"])} has subsequent documents; it cannot be deleted`,
      );
    }
    for (const item of itemsOf(database, before))
      database.remove("salesOrderItem", database.table("salesOrderItem").keyOf(item.values));
  },
};

export const salesOrderItemRules: TableRules = {
  prepareCreate(given, { database }) {
    const order = orderOf(database, given);
    refuseIfCompleted(order);
    const product = database.table("product").get(String(given["Material"]))?.values;
    if (product === undefined)
      throw refuseBusiness(
        "M3/305",
        `Material ${String(given["Material"])} does not exist or is not activated`,
        "Material",
      );
    if (product["CrossPlantStatus"] === "02" || product["IsMarkedForDeletion"] === true) {
      throw refuseBusiness("V1/367", `Material ${String(given["Material"])} is blocked for sales`, "Material");
    }
    const currency = String(order["TransactionCurrency"]);
    const highest = Math.max(0, ...itemsOf(database, given).map((item) => Number(item.values["SalesOrderItem"])));
    return priceItem({
      ...given,
      SalesOrderItem: given["SalesOrderItem"] || String(highest + 10),
      SalesOrderItemCategory: given["SalesOrderItemCategory"] || "TAN",
      SalesOrderItemText: given["SalesOrderItemText"] || englishTextOf(database, given),
      MaterialGroup: product["ProductGroup"] ?? "",
      RequestedQuantityUnit: given["RequestedQuantityUnit"] || (product["BaseUnit"] ?? ""),
      NetPriceAmount: multiplyDecimals(
        String(product["StandardPrice"] ?? "0"),
        "1",
        Math.min(2, currencyScales[currency] ?? 2),
      ),
      TransactionCurrency: currency,
      SDProcessStatus: "A",
    });
  },
  prepareUpdate(before, after, { database }) {
    refuseIfCompleted(orderOf(database, before));
    return priceItem(after);
  },
  checkDelete(before, { database }) {
    refuseIfCompleted(orderOf(database, before));
  },
  afterChange(values, { database }) {
    const order = database.table("salesOrder").get(String(values["SalesOrder"]));
    if (order === undefined) return;
    const items = itemsOf(database, values).map((item) => item.values);
    const rejected = items.filter((item) => item["SalesDocumentRjcnReason"] !== "").length;
    database.write("salesOrder", {
      ...order.values,
      TotalNetAmount: items.map((item) => String(item["NetAmount"])).reduce(addDecimals, "0"),
      OverallSDDocumentRejectionSts: rejected === 0 ? "A" : rejected < items.length ? "B" : "C",
      LastChangeDateTime: Date.now(),
    });
  },
};

export function refuseIfCompleted(order: Values): void {
  if (order["OverallSDProcessStatus"] !== "C") return;
  throw refuseBusiness(
    "V1/849",
    `Sales order ${String(order["SalesOrder"])} is already completed and cannot be changed`,
  );
}

export function itemsOf(database: Database, { SalesOrder }: Values): readonly Row[] {
  return database.table("salesOrderItem").find("SalesOrder", SalesOrder ?? null);
}

function orderOf(database: Database, { SalesOrder }: Values): Values {
  const order = database.table("salesOrder").get(String(SalesOrder));
  if (order === undefined)
    throw refuseBusiness("V1/302", `Sales document ${String(SalesOrder)} is not in the database`, "SalesOrder");
  return order.values;
}

function priceItem(item: Values): Values {
  const quantity = String(item["RequestedQuantity"] ?? "0");
  if (compareDecimals(quantity, "0") <= 0)
    throw refuseBusiness("V1/382", "Enter a requested quantity greater than zero", "RequestedQuantity");
  const scale = currencyScales[String(item["TransactionCurrency"])] ?? 2;
  return { ...item, NetAmount: multiplyDecimals(String(item["NetPriceAmount"]), quantity, scale) };
}

function englishTextOf(database: Database, { Material }: Values): string {
  return String(
    database.table("productDescription").get(`${String(Material)}\u0000EN`)?.values["ProductDescription"] ?? "",
  );
}
