import { refuseBusiness } from "../odata/sap-error.ts";
import type { TableRules } from "./table-rules.ts";

export const productRules: TableRules = {
  prepareCreate(given, { database, user }) {
    if (given["Product"] === "") throw refuseBusiness("00/055", "Fill in all required entry fields", "Product");
    const now = Date.now();
    return {
      ...given,
      Currency: given["Currency"] || "EUR",
      ProductInternalID: 9_007_199_254_900_000n + BigInt(database.nextNumber("productInternal", 1)),
      CreationDate: new Date(now).toISOString().slice(0, 10),
      CreatedByUser: user,
      LastChangeDateTime: now,
    };
  },
  prepareUpdate: (_before, after) => ({ ...after, LastChangeDateTime: Date.now() }),
  checkDelete({ Product }, { database }) {
    const [item] = database.table("salesOrderItem").find("Material", Product ?? null);
    if (item !== undefined) {
      throw refuseBusiness(
        "MM/329",
        `Product ${String(Product)} cannot be deleted: it is used in sales order ${String(item.values["SalesOrder"])}`,
      );
    }
    for (const text of database.table("productDescription").find("Product", Product ?? null)) {
      database.remove("productDescription", database.table("productDescription").keyOf(text.values));
    }
  },
};

export const productDescriptionRules: TableRules = {
  prepareCreate(given, { database }) {
    if (database.table("product").get(String(given["Product"])) === undefined) {
      throw refuseBusiness(
        "M3/305",
        `Product ${String(given["Product"])} does not exist or is not activated`,
        "Product",
      );
    }
    if (!/^[A-Z]{2}$/.test(String(given["Language"])))
      throw refuseBusiness("00/058", `Language ${String(given["Language"])} is not defined`, "Language");
    return given;
  },
};
