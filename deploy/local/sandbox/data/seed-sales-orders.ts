import type { Value, Values } from "../model/field.ts";
import { addDecimals, multiplyDecimals } from "./decimal.ts";
import { createChoices } from "./random.ts";
import type { Choices } from "./random.ts";
import { dateOf, timeOf } from "./seed-business-partners.ts";

const orderCount = 5_000;

/** Decimals of the amounts in each currency. */
export const currencyScales: Readonly<Record<string, number>> = {
  EUR: 2,
  USD: 2,
  GBP: 2,
  CHF: 2,
  DKK: 2,
  JPY: 0,
  KWD: 3,
};

export interface SeededOrders {
  readonly orders: readonly Values[];
  readonly items: readonly Values[];
  readonly changes: readonly Values[];
}

/** What orders are made of. */
export interface OrderMaterials {
  readonly partners: readonly Values[];
  readonly products: readonly Values[];
  readonly descriptions: ReadonlyMap<Value, Value>;
}

export function seedSalesOrders(seed: number, materials: OrderMaterials): SeededOrders {
  const choices = createChoices(seed);
  const orders: Values[] = [];
  const items: Values[] = [];
  const changes: Values[] = [];
  for (let at = 0; at < orderCount; at++) {
    const id = String(at + 1);
    const status = choices.pick(["A", "A", "B", "C", "C"]);
    const currency = choices.pick(["EUR", "EUR", "EUR", "USD", "USD", "GBP", "CHF", "JPY", "KWD"]);
    const own = Array.from({ length: choices.integer(1, 5) }, (_, position) =>
      makeItem(
        {
          SalesOrder: id,
          SalesOrderItem: String((position + 1) * 10),
          TransactionCurrency: currency,
          SDProcessStatus: status,
        },
        materials,
        choices,
      ),
    );
    items.push(...own);
    orders.push(
      makeOrder(
        { id, at, status, currency, total: own.map((item) => String(item["NetAmount"])).reduce(addDecimals) },
        materials,
        choices,
      ),
    );
    if (choices.chance(0.1)) changes.push(makeChange(id, changes.length, choices));
  }
  return { orders, items, changes };
}

interface OrderFacts {
  readonly id: string;
  readonly at: number;
  readonly status: string;
  readonly currency: string;
  readonly total: string;
}

function makeOrder(
  { id, at, status, currency, total }: OrderFacts,
  materials: OrderMaterials,
  choices: Choices,
): Values {
  const day = 1_000 + Math.floor(at / 4);
  return {
    SalesOrder: id,
    SalesOrderType: choices.pick(["OR", "OR", "OR", "SO"]),
    SalesOrganization: choices.pick(["1010", "1710", "2910"]),
    DistributionChannel: "10",
    OrganizationDivision: "00",
    SoldToParty: choices.pick(materials.partners)["BusinessPartner"] ?? null,
    PurchaseOrderByCustomer:
      choices.pick(["PO", "Bestellung", "Ref. 'A/B'", "50% & more", "Größe #"]) + ` ${10_000 + at}`,
    SalesOrderDate: dateOf(day),
    RequestedDeliveryDate: dateOf(day + choices.integer(1, 60)),
    TotalNetAmount: total,
    TransactionCurrency: currency,
    IncotermsClassification: choices.pick(["EXW", "CIF", "DAP", "FCA"]),
    CustomerPaymentTerms: choices.pick(["0001", "0002", "NT30"]),
    DeliveryBlockReason: choices.chance(0.04) ? "01" : "",
    CompleteDeliveryIsDefined: choices.chance(0.2),
    OverallSDProcessStatus: status,
    OverallDeliveryStatus: status,
    OverallSDDocumentRejectionSts: "A",
    SalesDocApprovalStatus: status === "A" && choices.chance(0.1) ? "A" : "",
    SalesOrderInternalID: 9_007_199_254_741_993n + BigInt(at),
    SalesOrderUUID: choices.guid(),
    CreatedByUser: choices.pick(["SMITHJ", "MUELLERA", "CB9980000012"]),
    CreationDate: dateOf(day),
    CreationTime: timeOf(choices),
    LastChangeDateTime: Date.UTC(
      2019,
      0,
      1 + day,
      choices.integer(0, 23),
      choices.integer(0, 59),
      choices.integer(0, 59),
    ),
  };
}

function makeItem(position: Values, materials: OrderMaterials, choices: Choices): Values {
  const product = choices.pick(materials.products);
  const scale = currencyScales[String(position["TransactionCurrency"])] ?? 2;
  const price = multiplyDecimals(String(product["StandardPrice"]), "1", Math.min(scale, 2));
  const quantity = `${choices.integer(1, 200)}.${product["BaseUnit"] === "PC" ? "000" : choices.pick(["000", "250", "500"])}`;
  return {
    SalesOrder: position["SalesOrder"] ?? null,
    SalesOrderItem: position["SalesOrderItem"] ?? null,
    SalesOrderItemCategory: "TAN",
    SalesOrderItemText: materials.descriptions.get(product["Product"] ?? null) ?? "",
    Material: product["Product"] ?? null,
    MaterialGroup: product["ProductGroup"] ?? null,
    RequestedQuantity: quantity,
    RequestedQuantityUnit: product["BaseUnit"] ?? null,
    NetPriceAmount: price,
    NetAmount: multiplyDecimals(price, quantity, scale),
    TransactionCurrency: position["TransactionCurrency"] ?? null,
    ProductionPlant: choices.pick(["1010", "1710"]),
    SalesDocumentRjcnReason: "",
    SDProcessStatus: position["SDProcessStatus"] ?? null,
  };
}

function makeChange(order: string, at: number, choices: Choices): Values {
  const day = choices.integer(1_000, 2_400);
  const time = timeOf(choices);
  return {
    ChangeDocument: 9_223_372_036_854_770_000n + BigInt(at),
    SalesOrder: order,
    ChangedField: choices.pick(["RequestedDeliveryDate", "PurchaseOrderByCustomer", "DeliveryBlockReason"]),
    OldValue: choices.pick(["", "01", "Köln", "100 %"]),
    NewValue: choices.pick(["02", "O'Neil", "<b>&amp;</b>", '"quoted"']),
    ChangedByUser: choices.pick(["SMITHJ", "MUELLERA"]),
    ChangeDate: dateOf(day),
    ChangeTime: time,
    ChangeDateTime: Date.parse(`${dateOf(day)}T${time}Z`),
    ChangeCount: choices.integer(1, 9),
  };
}
