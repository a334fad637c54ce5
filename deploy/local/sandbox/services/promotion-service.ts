import type { Row } from "../model/field.ts";
import type {
  NavigationDefinition,
  OperationCall,
  OperationDefinition,
  ServiceDefinition,
} from "../model/service-definition.ts";
import { defineText } from "../model/field.ts";
import { refuseBusiness } from "../odata/sap-error.ts";

const bound = { method: "POST", boundTo: "Promotion", returns: { set: "Promotion", many: false } } as const;

const draftActions: readonly OperationDefinition[] = [
  {
    ...bound,
    name: "Edit",
    label: "Edit: create a draft of the active promotion",
    parameters: [],
    run: (call) => edit(call.row as Row, call),
  },
  {
    ...bound,
    name: "Prepare",
    label: "Check the draft",
    parameters: [defineText("SideEffectsQualifier", 40, "Side Effects", { nullable: true })],
    run: (call) => check(call.row as Row),
  },
  {
    ...bound,
    name: "Activate",
    label: "Activate the draft",
    parameters: [],
    run: (call) => activate(call.row as Row, call),
  },
  {
    name: "Discard",
    label: "Discard the draft",
    method: "POST",
    boundTo: "Promotion",
    parameters: [],
    run: (call) => discard(call.row as Row, call),
  },
];

/** From a draft to what is active, and back. */
const sibling: NavigationDefinition = {
  name: "SiblingEntity",
  label: "Other Version",
  target: "Promotion",
  many: false,
  join: {},
  keyThere: (values) => ({
    PromotionUUID: values["PromotionUUID"] ?? null,
    IsActiveEntity: values["IsActiveEntity"] !== true,
  }),
};

export const promotionService: ServiceDefinition = {
  id: "UI_SALESPROMOTION",
  version: "V4",
  root: "/sap/opu/odata4/sap/ui_salespromotion/srvd_a2x/sap/ui_salespromotion/0001",
  namespace: "com.sap.gateway.srvd_a2x.ui_salespromotion.v0001",
  title: "Manage Sales Promotions",
  complexTypes: [],
  operations: draftActions,
  entitySets: [
    {
      name: "Promotion",
      typeName: "Promotion_Type",
      label: "Sales Promotion",
      table: "promotion",
      navigations: [sibling],
      searchable: true,
      draft: true,
      creatable: true,
      updatable: true,
      deletable: true,
    },
  ],
};

function edit({ values }: Row, { database }: OperationCall): Row {
  if (values["IsActiveEntity"] !== true) throw refuseBusiness("SDRAFT/101", "The promotion is a draft already");
  if (values["HasDraftEntity"] === true)
    throw refuseBusiness("SDRAFT/102", "The promotion is being edited: a draft exists");
  database.write("promotion", { ...values, HasDraftEntity: true });
  return database.write("promotion", {
    ...values,
    IsActiveEntity: false,
    HasActiveEntity: true,
    HasDraftEntity: false,
  });
}

function check(row: Row): Row {
  const { values } = row;
  if (values["IsActiveEntity"] === true)
    throw refuseBusiness("SDRAFT/104", "There is no draft: the promotion is active");
  if (values["PromotionName"] === "")
    throw refuseBusiness("SDPROMO/001", "Enter a name for the promotion", "PromotionName");
  const [from, to] = [values["ValidityStartDate"] ?? null, values["ValidityEndDate"] ?? null];
  if (from === null || to === null || to < from)
    throw refuseBusiness("SDPROMO/002", "Enter a period of validity that ends after it begins", "ValidityEndDate");
  return row;
}

function activate(row: Row, { database }: OperationCall): Row {
  const { values } = check(row);
  database.remove("promotion", database.table("promotion").keyOf(values));
  return database.write("promotion", {
    ...values,
    IsActiveEntity: true,
    HasActiveEntity: false,
    HasDraftEntity: false,
    LastChangeDateTime: Date.now(),
  });
}

function discard({ values }: Row, { database }: OperationCall): undefined {
  if (values["IsActiveEntity"] === true)
    throw refuseBusiness("SDRAFT/104", "There is no draft: the promotion is active");
  const table = database.table("promotion");
  database.remove("promotion", table.keyOf(values));
  const active = table.get(`${String(values["PromotionUUID"])}\u0000true`);
  if (active !== undefined) database.write("promotion", { ...active.values, HasDraftEntity: false });
  return undefined;
}
