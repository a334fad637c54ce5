import type { EntitySetDefinition, ServiceDefinition } from "../model/service-definition.ts";

export const businessPartnerServiceV2: ServiceDefinition = {
  id: "API_BUSINESS_PARTNER",
  version: "V2",
  root: "/sap/opu/odata/sap/API_BUSINESS_PARTNER",
  namespace: "API_BUSINESS_PARTNER",
  title: "Remote API for Business Partner",
  operations: [],
  complexTypes: [],
  entitySets: entitySets({
    partner: "A_BusinessPartner",
    address: "A_BusinessPartnerAddress",
    typeSuffix: "Type",
    toAddress: "to_BusinessPartnerAddress",
    toPartner: "to_BusinessPartner",
  }),
};

export const businessPartnerServiceV4: ServiceDefinition = {
  id: "API_BUSINESSPARTNER",
  version: "V4",
  root: "/sap/opu/odata4/sap/api_businesspartner/srvd_a2x/sap/businesspartner/0001",
  namespace: "com.sap.gateway.srvd_a2x.api_businesspartner.v0001",
  title: "Business Partner",
  operations: [],
  complexTypes: [],
  entitySets: entitySets({
    partner: "BusinessPartner",
    address: "BusinessPartnerAddress",
    typeSuffix: "_Type",
    toAddress: "_BusinessPartnerAddress",
    toPartner: "_BusinessPartner",
  }),
};

interface Names {
  readonly partner: string;
  readonly address: string;
  readonly typeSuffix: string;
  readonly toAddress: string;
  readonly toPartner: string;
}

function entitySets({ partner, address, typeSuffix, toAddress, toPartner }: Names): EntitySetDefinition[] {
  const join = { BusinessPartner: "BusinessPartner" };
  return [
    {
      name: partner,
      typeName: `${partner}${typeSuffix}`,
      label: "Business Partner",
      table: "businessPartner",
      searchable: true,
      creatable: true,
      updatable: true,
      deletable: false,
      navigations: [{ name: toAddress, label: "Addresses", target: address, many: true, join }],
    },
    {
      name: address,
      typeName: `${address}${typeSuffix}`,
      label: "Address of a Business Partner",
      table: "businessPartnerAddress",
      searchable: true,
      creatable: true,
      updatable: true,
      deletable: true,
      navigations: [{ name: toPartner, label: "Business Partner", target: partner, many: false, join }],
    },
  ];
}
