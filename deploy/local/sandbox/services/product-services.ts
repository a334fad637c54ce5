import type { EntitySetDefinition, ServiceDefinition } from "../model/service-definition.ts";

export const productServiceV2: ServiceDefinition = {
  id: "API_PRODUCT_SRV",
  version: "V2",
  root: "/sap/opu/odata/sap/API_PRODUCT_SRV",
  namespace: "API_PRODUCT_SRV",
  title: "Remote API for Product Master",
  operations: [],
  complexTypes: [],
  entitySets: entitySets({
    product: "A_Product",
    description: "A_ProductDescription",
    typeSuffix: "Type",
    toDescription: "to_Description",
    toProduct: "to_Product",
  }),
};

export const productServiceV4: ServiceDefinition = {
  id: "API_PRODUCT",
  version: "V4",
  root: "/sap/opu/odata4/sap/api_product/srvd_a2x/sap/product/0001",
  namespace: "com.sap.gateway.srvd_a2x.api_product.v0001",
  title: "Product Master",
  operations: [],
  complexTypes: [],
  entitySets: entitySets({
    product: "Product",
    description: "ProductDescription",
    typeSuffix: "_Type",
    toDescription: "_ProductDescription",
    toProduct: "_Product",
  }),
};

interface Names {
  readonly product: string;
  readonly description: string;
  readonly typeSuffix: string;
  readonly toDescription: string;
  readonly toProduct: string;
}

function entitySets({ product, description, typeSuffix, toDescription, toProduct }: Names): EntitySetDefinition[] {
  const join = { Product: "Product" };
  const changeable = { creatable: true, updatable: true, deletable: true } as const;
  return [
    {
      name: product,
      typeName: `${product}${typeSuffix}`,
      label: "Product",
      table: "product",
      searchable: true,
      ...changeable,
      navigations: [{ name: toDescription, label: "Descriptions", target: description, many: true, join }],
    },
    {
      name: description,
      typeName: `${description}${typeSuffix}`,
      label: "Product Description",
      table: "productDescription",
      searchable: true,
      ...changeable,
      navigations: [{ name: toProduct, label: "Product", target: product, many: false, join }],
    },
  ];
}
