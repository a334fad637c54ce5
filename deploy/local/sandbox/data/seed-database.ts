import type { Row, Values } from "../model/field.ts";
import { businessPartnerAddressTable, businessPartnerTable } from "./business-partner-tables.ts";
import type { SeededTable } from "./database.ts";
import { productDescriptionTable, productTable } from "./product-tables.ts";
import { promotionTable } from "./promotion-table.ts";
import { createChoices } from "./random.ts";
import { changeDocumentTable, salesOrderItemTable, salesOrderTable } from "./sales-order-tables.ts";
import { dateOf, seedBusinessPartners } from "./seed-business-partners.ts";
import { seedProducts } from "./seed-products.ts";
import { seedSalesOrders } from "./seed-sales-orders.ts";

/** The business data of the sandbox: the same on every start and every machine. */
export function seedDatabase(): readonly SeededTable[] {
  const { partners, addresses } = seedBusinessPartners(1);
  const { products, descriptions } = seedProducts(2);
  const english = descriptions.filter((row) => row["Language"] === "EN");
  const { orders, items, changes } = seedSalesOrders(3, {
    partners,
    products,
    descriptions: new Map(english.map((row) => [row["Product"] ?? null, row["ProductDescription"] ?? null])),
  });
  return [
    { definition: businessPartnerTable, rows: asRows(partners) },
    { definition: businessPartnerAddressTable, rows: asRows(addresses) },
    { definition: productTable, rows: asRows(products) },
    { definition: productDescriptionTable, rows: asRows(descriptions) },
    { definition: salesOrderTable, rows: asRows(orders) },
    { definition: salesOrderItemTable, rows: asRows(items) },
    { definition: changeDocumentTable, rows: asRows(changes) },
    { definition: promotionTable, rows: asRows(seedPromotions(4)) },
  ];
}

export function asRows(values: readonly Values[]): readonly Row[] {
  return values.map((row, at) => ({
    values: row,
    stamp: `2024-01-01T00:00:00.000${String(at % 10_000).padStart(4, "0")}Z`,
  }));
}

function seedPromotions(seed: number): readonly Values[] {
  const choices = createChoices(seed);
  return Array.from({ length: 60 }, (_, at) => {
    const day = choices.integer(1_800, 2_500);
    return {
      PromotionUUID: choices.guid(),
      IsActiveEntity: true,
      HasActiveEntity: false,
      HasDraftEntity: false,
      Promotion: String(700_000 + at),
      PromotionName:
        choices.pick(["Frühjahrs-Aktion", "Summer Sale", "50% auf Pumpen", "O'Neil Special", "R&D / Test"]) +
        ` ${at + 1}`,
      SalesOrganization: choices.pick(["1010", "1710", "2910"]),
      ValidityStartDate: dateOf(day),
      ValidityEndDate: dateOf(day + choices.integer(7, 90)),
      DiscountPercent: `${choices.integer(1, 49)}.${choices.pick(["00", "25", "50"])}`,
      MinimumNetAmount: `${choices.integer(100, 9_000)}.00`,
      TransactionCurrency: choices.pick(["EUR", "USD"]),
      PromotionStatus: choices.pick(["P", "R", "E"]),
      LastChangedByUser: "SMITHJ",
      LastChangeDateTime: Date.UTC(2019, 0, 1 + day),
    };
  });
}
