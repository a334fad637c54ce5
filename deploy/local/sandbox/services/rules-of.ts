import { businessPartnerAddressRules, businessPartnerRules } from "./business-partner-rules.ts";
import { productDescriptionRules, productRules } from "./product-rules.ts";
import { promotionRules } from "./promotion-rules.ts";
import { salesOrderItemRules, salesOrderRules } from "./sales-order-rules.ts";
import type { TableRules } from "./table-rules.ts";

const rules: Readonly<Record<string, TableRules>> = {
  salesOrder: salesOrderRules,
  salesOrderItem: salesOrderItemRules,
  businessPartner: businessPartnerRules,
  businessPartnerAddress: businessPartnerAddressRules,
  product: productRules,
  productDescription: productDescriptionRules,
  promotion: promotionRules,
};

/** The rules of a table; none for one that nobody changes. */
export function rulesOf(table: string): TableRules {
  return rules[table] ?? {};
}
