import { computed, defineDecimal, defineField, defineText, fixed } from "../model/field.ts";
import type { TableDefinition } from "../model/table-definition.ts";

export const productTable: TableDefinition = {
  name: "product",
  keys: ["Product"],
  indexes: [],
  fields: [
    defineText("Product", 40, "Product Number", { nullable: false, ...fixed }),
    defineText("ProductType", 4, "Product Type", {
      upperCase: true,
      mandatory: true,
      quickinfo: "FERT = Finished product, HAWA = Trading goods, ROH = Raw material",
      ...fixed,
    }),
    defineText("ProductGroup", 9, "Product Group", { upperCase: true }),
    defineText("BaseUnit", 3, "Base Unit of Measure", { semantics: "unit-of-measure", mandatory: true }),
    defineText("CrossPlantStatus", 2, "Cross-Plant Status", {
      upperCase: true,
      quickinfo: "Blank = Active, 01 = Blocked for procurement, 02 = Blocked for sales",
    }),
    defineDecimal("GrossWeight", [13, 3], "Gross Weight", { unit: "WeightUnit" }),
    defineDecimal("NetWeight", [13, 3], "Net Weight", { unit: "WeightUnit" }),
    defineText("WeightUnit", 3, "Unit of Weight", { semantics: "unit-of-measure" }),
    defineDecimal("StandardPrice", [11, 2], "Standard Price", { unit: "Currency" }),
    defineText("Currency", 5, "Currency", { semantics: "currency-code", upperCase: true }),
    defineText("CountryOfOrigin", 3, "Country/Region of Origin", { upperCase: true }),
    defineField("IsMarkedForDeletion", "boolean", "Deletion Flag"),
    defineField("ProductInternalID", "int64", "Internal ID", computed),
    defineField("CreationDate", "date", "Created On", computed),
    defineText("CreatedByUser", 12, "Created By", computed),
    defineField("LastChangeDateTime", "timestamp", "Last Changed", computed),
  ],
};

export const productDescriptionTable: TableDefinition = {
  name: "productDescription",
  keys: ["Product", "Language"],
  indexes: ["Product"],
  fields: [
    defineText("Product", 40, "Product Number", { nullable: false, ...fixed }),
    defineText("Language", 2, "Language Key", { nullable: false, upperCase: true, ...fixed }),
    defineText("ProductDescription", 40, "Product Description", { mandatory: true }),
  ],
};
