import type { ServiceDefinition } from "../model/service-definition.ts";
import { businessPartnerServiceV2, businessPartnerServiceV4 } from "./business-partner-services.ts";
import { catalogServiceV2, catalogServiceV4 } from "./catalog-services.ts";
import { productServiceV2, productServiceV4 } from "./product-services.ts";
import { promotionService } from "./promotion-service.ts";
import { salesOrderServiceV2, salesOrderServiceV4 } from "./sales-order-services.ts";

/** The services with business data, as the catalogs list them. */
export const businessServices: readonly ServiceDefinition[] = [
  salesOrderServiceV2,
  businessPartnerServiceV2,
  productServiceV2,
  salesOrderServiceV4,
  businessPartnerServiceV4,
  productServiceV4,
  promotionService,
];

export const catalogServices: readonly ServiceDefinition[] = [catalogServiceV2, catalogServiceV4];
