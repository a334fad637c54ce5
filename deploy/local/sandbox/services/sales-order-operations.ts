import { addDecimals } from "../data/decimal.ts";
import { defineDecimal, defineField, defineText } from "../model/field.ts";
import type { Row, Values } from "../model/field.ts";
import type { ComplexTypeDefinition, OperationCall, OperationDefinition } from "../model/service-definition.ts";
import { refuse, refuseBusiness } from "../odata/sap-error.ts";
import { itemsOf, refuseIfCompleted, salesOrderItemRules } from "./sales-order-rules.ts";

const orderParameter = defineText("SalesOrder", 10, "Sales Order", { nullable: false });
const reasonParameter = defineText("SalesDocumentRjcnReason", 2, "Rejection Reason", { nullable: false });
const customerParameter = defineText("SoldToParty", 10, "Sold-to Party", { nullable: false });
const currencyParameter = defineText("TransactionCurrency", 5, "Currency", { nullable: true });

export const orderTotalType: ComplexTypeDefinition = {
  name: "OrderTotal",
  label: "Total of the Orders of a Customer",
  fields: [
    customerParameter,
    defineField("NumberOfOrders", "int32", "Number of Orders"),
    defineDecimal("TotalNetAmount", [16, 3], "Net Value", { unit: "TransactionCurrency" }),
    defineText("TransactionCurrency", 5, "Currency", { semantics: "currency-code" }),
  ],
};

/** The function imports of V2, which name the order that V4 binds to. */
export const salesOrderFunctionImports: readonly OperationDefinition[] = [
  {
    name: "CancelSalesOrder",
    label: "Reject all items of an order",
    method: "POST",
    parameters: [orderParameter, reasonParameter],
    returns: { set: "A_SalesOrder", many: false },
    run: (call) => cancelOrder(orderOf(call), call),
  },
  {
    name: "releaseApprovalRequest",
    label: "Release an order that waits for approval",
    method: "POST",
    parameters: [orderParameter],
    returns: { set: "A_SalesOrder", many: false },
    run: (call) => decideApproval(orderOf(call), "B", call),
  },
  {
    name: "rejectApprovalRequest",
    label: "Reject an order that waits for approval",
    method: "POST",
    parameters: [orderParameter],
    returns: { set: "A_SalesOrder", many: false },
    run: (call) => decideApproval(orderOf(call), "C", call),
  },
  {
    name: "GetSalesOrdersOfCustomer",
    label: "Orders of a customer",
    method: "GET",
    parameters: [customerParameter],
    returns: { set: "A_SalesOrder", many: true },
    run: ordersOfCustomer,
  },
  {
    name: "GetOrderTotal",
    label: "Total of the orders of a customer in one currency",
    method: "GET",
    parameters: [customerParameter, currencyParameter],
    returns: { complexType: "OrderTotal", many: false },
    run: totalOfCustomer,
  },
];

export const salesOrderActions: readonly OperationDefinition[] = [
  {
    name: "CancelSalesOrder",
    label: "Reject all items of the order",
    method: "POST",
    boundTo: "SalesOrder",
    parameters: [reasonParameter],
    returns: { set: "SalesOrder", many: false },
    run: (call) => cancelOrder(call.row as Row, call),
  },
  {
    name: "ReleaseApprovalRequest",
    label: "Release the order that waits for approval",
    method: "POST",
    boundTo: "SalesOrder",
    parameters: [],
    returns: { set: "SalesOrder", many: false },
    run: (call) => decideApproval(call.row as Row, "B", call),
  },
  {
    name: "GetOpenItems",
    label: "Items of the order that are not rejected",
    method: "GET",
    boundTo: "SalesOrder",
    parameters: [],
    returns: { set: "SalesOrderItem", many: true },
    run: ({ row, database }) =>
      itemsOf(database, (row as Row).values).filter((item) => item.values["SalesDocumentRjcnReason"] === ""),
  },
  {
    name: "GetOrderTotal",
    label: "Total of the orders of a customer in one currency",
    method: "GET",
    parameters: [customerParameter, currencyParameter],
    returns: { complexType: "OrderTotal", many: false },
    run: totalOfCustomer,
  },
  {
    name: "ReleaseOrdersOfCustomer",
    label: "Release all orders of a customer that wait for approval",
    method: "POST",
    parameters: [customerParameter],
    returns: { set: "SalesOrder", many: true },
    run: (call) =>
      ordersOfCustomer(call)
        .filter((row) => row.values["SalesDocApprovalStatus"] === "A")
        .map((row) => decideApproval(row, "B", call)),
  },
];

function orderOf({ database, parameters }: OperationCall): Row {
  const row = database.table("salesOrder").get(String(parameters["SalesOrder"]));
  if (row === undefined) throw refuse("no-entity", "Resource not found for segment 'A_SalesOrderType'");
  return row;
}

function cancelOrder({ values }: Row, { database, parameters }: OperationCall): Row {
  const reason = String(parameters["SalesDocumentRjcnReason"]);
  refuseIfCompleted(values);
  if (values["OverallSDDocumentRejectionSts"] === "C")
    throw refuseBusiness("V1/850", `Sales order ${String(values["SalesOrder"])} is already rejected completely`);
  if (!/^\d\d$/.test(reason))
    throw refuseBusiness("V1/851", `Rejection reason '${reason}' is not defined`, "SalesDocumentRjcnReason");
  for (const item of itemsOf(database, values))
    database.write("salesOrderItem", { ...item.values, SalesDocumentRjcnReason: reason });
  salesOrderItemRules.afterChange?.(values, { database, user: "" });
  return database.table("salesOrder").get(String(values["SalesOrder"])) as Row;
}

function decideApproval({ values }: Row, status: "B" | "C", { database }: OperationCall): Row {
  if (values["SalesDocApprovalStatus"] !== "A") {
    throw refuseBusiness("APPRVL/007", `Sales order ${String(values["SalesOrder"])} does not wait for approval`);
  }
  return database.write("salesOrder", { ...values, SalesDocApprovalStatus: status, LastChangeDateTime: Date.now() });
}

function ordersOfCustomer({ database, parameters }: OperationCall): readonly Row[] {
  return database.table("salesOrder").find("SoldToParty", parameters["SoldToParty"] ?? null);
}

function totalOfCustomer(call: OperationCall): Values {
  const currency = String(call.parameters["TransactionCurrency"] ?? "EUR");
  const orders = ordersOfCustomer(call).filter((row) => row.values["TransactionCurrency"] === currency);
  return {
    SoldToParty: call.parameters["SoldToParty"] ?? null,
    NumberOfOrders: orders.length,
    TotalNetAmount: orders.map((row) => String(row.values["TotalNetAmount"])).reduce(addDecimals, "0"),
    TransactionCurrency: currency,
  };
}
