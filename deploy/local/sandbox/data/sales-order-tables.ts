import { computed, defineDecimal, defineField, defineText, fixed } from "../model/field.ts";
import type { TableDefinition } from "../model/table-definition.ts";

export const salesOrderTable: TableDefinition = {
  name: "salesOrder",
  keys: ["SalesOrder"],
  indexes: ["SoldToParty"],
  fields: [
    defineText("SalesOrder", 10, "Sales Order", { nullable: false, ...fixed }),
    defineText("SalesOrderType", 4, "Sales Document Type", { upperCase: true, mandatory: true, ...fixed }),
    defineText("SalesOrganization", 4, "Sales Organization", { upperCase: true, mandatory: true, ...fixed }),
    defineText("DistributionChannel", 2, "Distribution Channel", { upperCase: true, ...fixed }),
    defineText("OrganizationDivision", 2, "Division", { upperCase: true, ...fixed }),
    defineText("SoldToParty", 10, "Sold-to Party", { upperCase: true, mandatory: true, ...fixed }),
    defineText("PurchaseOrderByCustomer", 35, "Customer Reference"),
    defineField("SalesOrderDate", "date", "Document Date"),
    defineField("RequestedDeliveryDate", "date", "Requested Delivery Date"),
    defineDecimal("TotalNetAmount", [16, 3], "Net Value", {
      unit: "TransactionCurrency",
      quickinfo: "Net value of the order in document currency",
      ...computed,
    }),
    defineText("TransactionCurrency", 5, "Document Currency", {
      semantics: "currency-code",
      upperCase: true,
      ...fixed,
    }),
    defineText("IncotermsClassification", 3, "Incoterms", { upperCase: true }),
    defineText("CustomerPaymentTerms", 4, "Payment Terms", { upperCase: true }),
    defineText("DeliveryBlockReason", 2, "Delivery Block"),
    defineField("CompleteDeliveryIsDefined", "boolean", "Complete Delivery"),
    defineText("OverallSDProcessStatus", 1, "Overall Status", {
      quickinfo: "A = Not yet processed, B = Partially processed, C = Completely processed",
      ...computed,
    }),
    defineText("OverallDeliveryStatus", 1, "Overall Delivery Status", {
      quickinfo: "A = Not delivered, B = Partially delivered, C = Completely delivered",
      ...computed,
    }),
    defineText("OverallSDDocumentRejectionSts", 1, "Rejection Status", {
      quickinfo: "A = Nothing rejected, B = Partially rejected, C = Everything rejected",
      ...computed,
    }),
    defineText("SalesDocApprovalStatus", 1, "Approval Status", {
      quickinfo: "Blank = Not relevant, A = In approval, B = Released, C = Rejected",
      ...computed,
    }),
    defineField("SalesOrderInternalID", "int64", "Internal ID", computed),
    defineField("SalesOrderUUID", "guid", "UUID of the Order", computed),
    defineText("CreatedByUser", 12, "Created By", computed),
    defineField("CreationDate", "date", "Created On", computed),
    defineField("CreationTime", "time", "Created At", computed),
    defineField("LastChangeDateTime", "timestamp", "Last Changed", computed),
  ],
};

export const salesOrderItemTable: TableDefinition = {
  name: "salesOrderItem",
  keys: ["SalesOrder", "SalesOrderItem"],
  indexes: ["SalesOrder", "Material"],
  fields: [
    defineText("SalesOrder", 10, "Sales Order", { nullable: false, ...fixed }),
    defineText("SalesOrderItem", 6, "Sales Order Item", { nullable: false, ...fixed }),
    defineText("SalesOrderItemCategory", 4, "Item Category", { upperCase: true, ...fixed }),
    defineText("SalesOrderItemText", 40, "Item Description"),
    defineText("Material", 40, "Material", { upperCase: true, mandatory: true, text: "SalesOrderItemText", ...fixed }),
    defineText("MaterialGroup", 9, "Product Group", { upperCase: true, ...computed }),
    defineDecimal("RequestedQuantity", [15, 3], "Requested Quantity", {
      unit: "RequestedQuantityUnit",
      mandatory: true,
    }),
    defineText("RequestedQuantityUnit", 3, "Sales Unit", { semantics: "unit-of-measure" }),
    defineDecimal("NetPriceAmount", [11, 2], "Net Price", { unit: "TransactionCurrency", ...computed }),
    defineDecimal("NetAmount", [16, 3], "Net Value", { unit: "TransactionCurrency", ...computed }),
    defineText("TransactionCurrency", 5, "Document Currency", {
      semantics: "currency-code",
      upperCase: true,
      ...computed,
    }),
    defineText("ProductionPlant", 4, "Plant", { upperCase: true }),
    defineText("SalesDocumentRjcnReason", 2, "Rejection Reason"),
    defineText("SDProcessStatus", 1, "Item Status", {
      quickinfo: "A = Not yet processed, B = Partially processed, C = Completely processed",
      ...computed,
    }),
  ],
};

export const changeDocumentTable: TableDefinition = {
  name: "changeDocument",
  keys: ["ChangeDocument"],
  indexes: ["SalesOrder"],
  fields: [
    defineField("ChangeDocument", "int64", "Change Document", { nullable: false, ...computed }),
    defineText("SalesOrder", 10, "Sales Order", computed),
    defineText("ChangedField", 30, "Changed Field", computed),
    defineText("OldValue", 80, "Old Value", { filterable: false, ...computed }),
    defineText("NewValue", 80, "New Value", { filterable: false, ...computed }),
    defineText("ChangedByUser", 12, "Changed By", computed),
    defineField("ChangeDate", "date", "Changed On", computed),
    defineField("ChangeTime", "time", "Changed At", computed),
    defineField("ChangeDateTime", "timestamp", "Time Stamp", computed),
    defineField("ChangeCount", "int32", "Number of Changes", computed),
  ],
};
