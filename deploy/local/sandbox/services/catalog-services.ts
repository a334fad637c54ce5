import type { ServiceDefinition } from "../model/service-definition.ts";

const readOnly = { creatable: false, updatable: false, deletable: false } as const;

export const catalogServiceV2: ServiceDefinition = {
  id: "CATALOGSERVICE",
  version: "V2",
  root: "/sap/opu/odata/IWFND/CATALOGSERVICE;v=2",
  namespace: "CATALOGSERVICE",
  title: "Catalog Service Version 2",
  operations: [],
  complexTypes: [],
  entitySets: [
    {
      name: "ServiceCollection",
      typeName: "Service",
      label: "Services",
      table: "serviceCollection",
      navigations: [],
      ...readOnly,
    },
  ],
};

export const catalogServiceV4: ServiceDefinition = {
  id: "CATALOG",
  version: "V4",
  root: "/sap/opu/odata4/iwfnd/config/default/iwfnd/catalog/0002",
  namespace: "com.sap.gateway.default.iwfnd.catalog.v0002",
  title: "Catalog of OData V4 Services",
  operations: [],
  complexTypes: [],
  entitySets: [
    {
      name: "ServiceGroups",
      typeName: "ServiceGroup",
      label: "Service Groups",
      table: "serviceGroup",
      searchable: true,
      ...readOnly,
      navigations: [
        {
          name: "DefaultSystem",
          label: "Default System",
          target: "Systems",
          many: false,
          join: { GroupId: "GroupId" },
        },
      ],
    },
    {
      name: "Systems",
      typeName: "System",
      label: "Systems",
      table: "groupSystem",
      ...readOnly,
      navigations: [
        { name: "Services", label: "Services", target: "Services", many: true, join: { GroupId: "GroupId" } },
      ],
    },
    {
      name: "Services",
      typeName: "GroupService",
      label: "Services",
      table: "groupService",
      searchable: true,
      navigations: [],
      ...readOnly,
    },
  ],
};
