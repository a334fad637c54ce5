import { computed, defineDecimal, defineField, defineText, fixed } from "../model/field.ts";
import type { TableDefinition } from "../model/table-definition.ts";

/** Promotions are edited as drafts: an active row and its draft share the UUID and differ in IsActiveEntity. */
export const promotionTable: TableDefinition = {
  name: "promotion",
  keys: ["PromotionUUID", "IsActiveEntity"],
  indexes: ["PromotionUUID"],
  fields: [
    defineField("PromotionUUID", "guid", "Promotion UUID", { nullable: false, ...computed }),
    defineField("IsActiveEntity", "boolean", "Is Active", { nullable: false, ...fixed }),
    defineField("HasActiveEntity", "boolean", "Has Active", computed),
    defineField("HasDraftEntity", "boolean", "Has Draft", computed),
    defineText("Promotion", 10, "Promotion", computed),
    defineText("PromotionName", 40, "Name of the Promotion"),
    defineText("SalesOrganization", 4, "Sales Organization", { upperCase: true }),
    defineField("ValidityStartDate", "date", "Valid From"),
    defineField("ValidityEndDate", "date", "Valid To"),
    defineDecimal("DiscountPercent", [5, 2], "Discount in Percent"),
    defineDecimal("MinimumNetAmount", [16, 3], "Minimum Net Value", { unit: "TransactionCurrency" }),
    defineText("TransactionCurrency", 5, "Currency", { semantics: "currency-code", upperCase: true }),
    defineText("PromotionStatus", 1, "Status", { quickinfo: "P = Planned, R = Running, E = Ended", ...computed }),
    defineText("LastChangedByUser", 12, "Changed By", computed),
    defineField("LastChangeDateTime", "timestamp", "Last Changed", computed),
  ],
};
