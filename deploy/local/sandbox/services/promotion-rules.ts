import { randomUUID } from "node:crypto";
import { refuseBusiness } from "../odata/sap-error.ts";
import type { TableRules } from "./table-rules.ts";

/** A promotion comes into being, and is changed, as a draft only; the actions of the service move it on. */
export const promotionRules: TableRules = {
  prepareCreate(given, { database, user }) {
    if (given["IsActiveEntity"] === true) {
      throw refuseBusiness("SDRAFT/105", "A promotion is created as a draft: activate it with the action Activate");
    }
    return {
      ...given,
      PromotionUUID: randomUUID(),
      IsActiveEntity: false,
      HasActiveEntity: false,
      HasDraftEntity: false,
      Promotion: String(database.nextNumber("promotion", 800_000)),
      TransactionCurrency: given["TransactionCurrency"] || "EUR",
      PromotionStatus: "P",
      LastChangedByUser: user,
      LastChangeDateTime: Date.now(),
    };
  },
  prepareUpdate(before, after, { user }) {
    if (before["IsActiveEntity"] === true)
      throw refuseBusiness(
        "SDRAFT/103",
        "The active version cannot be changed: create a draft with the action Edit first",
      );
    return { ...after, LastChangedByUser: user, LastChangeDateTime: Date.now() };
  },
  checkDelete(before, { database }) {
    if (before["IsActiveEntity"] === true && before["HasDraftEntity"] === true) {
      throw refuseBusiness("SDRAFT/107", "The promotion is being edited: discard its draft first");
    }
    if (before["IsActiveEntity"] === false && before["HasActiveEntity"] === true) {
      const active = database.table("promotion").get(`${String(before["PromotionUUID"])}\u0000true`);
      if (active !== undefined) database.write("promotion", { ...active.values, HasDraftEntity: false });
    }
  },
};
