import type { EntitySetDefinition, ServiceDefinition } from "../model/service-definition.ts";
import { orderTotalType, salesOrderActions, salesOrderFunctionImports } from "./sales-order-operations.ts";

const changeable = { creatable: true, updatable: true, deletable: true } as const;
const readOnly = { creatable: false, updatable: false, deletable: false } as const;

export const salesOrderServiceV2: ServiceDefinition = {
  id: "API_SALES_ORDER_SRV",
  version: "V2",
  root: "/sap/opu/odata/sap/API_SALES_ORDER_SRV",
  namespace: "API_SALES_ORDER_SRV",
  title: "Remote API for Sales Order",
  operations: salesOrderFunctionImports,
  complexTypes: [orderTotalType],
  entitySets: entitySets({
    order: "A_SalesOrder",
    item: "A_SalesOrderItem",
    change: "A_SalesOrderChangeDocument",
    typeSuffix: "Type",
    toItem: "to_Item",
    toOrder: "to_SalesOrder",
    toChange: "to_ChangeDocument",
  }),
};

const v4Names = {
  order: "SalesOrder",
  item: "SalesOrderItem",
  change: "SalesOrderChangeDocument",
  typeSuffix: "_Type",
  toItem: "_Item",
  toOrder: "_SalesOrder",
  toChange: "_ChangeDocument",
};

export const salesOrderServiceV4: ServiceDefinition = {
  id: "API_SALESORDER",
  version: "V4",
  root: "/sap/opu/odata4/sap/api_salesorder/srvd_a2x/sap/salesorder/0001",
  namespace: "com.sap.gateway.srvd_a2x.api_salesorder.v0001",
  title: "Sales Order",
  operations: salesOrderActions,
  complexTypes: [orderTotalType],
  entitySets: [
    ...entitySets(v4Names).map((set) =>
      set.name === v4Names.order
        ? {
            ...set,
            navigations: [
              ...set.navigations,
              {
                name: "_SoldToParty",
                label: "Sold-to Party",
                target: "SoldToParty",
                many: false,
                join: { SoldToParty: "BusinessPartner" },
              },
            ],
          }
        : set,
    ),
    {
      name: "SoldToParty",
      typeName: "SoldToParty_Type",
      label: "Sold-to Party",
      table: "businessPartner",
      navigations: [],
      searchable: true,
      ...readOnly,
    },
  ],
};

type Names = typeof v4Names;

function entitySets(names: Names): EntitySetDefinition[] {
  const { order, item, change, typeSuffix, toItem, toOrder, toChange } = names;
  const join = { SalesOrder: "SalesOrder" };
  return [
    {
      name: order,
      typeName: `${order}${typeSuffix}`,
      label: "Sales Order Header",
      table: "salesOrder",
      searchable: true,
      aggregatable: true,
      ...changeable,
      navigations: [
        { name: toItem, label: "Items", target: item, many: true, join },
        { name: toChange, label: "Change Documents", target: change, many: true, join },
      ],
    },
    {
      name: item,
      typeName: `${item}${typeSuffix}`,
      label: "Sales Order Item",
      table: "salesOrderItem",
      searchable: true,
      aggregatable: true,
      ...changeable,
      navigations: [{ name: toOrder, label: "Sales Order Header", target: order, many: false, join }],
    },
    {
      name: change,
      typeName: `${change}${typeSuffix}`,
      label: "Change Document of a Sales Order",
      table: "changeDocument",
      ...readOnly,
      navigations: [{ name: toOrder, label: "Sales Order Header", target: order, many: false, join }],
    },
  ];
}
