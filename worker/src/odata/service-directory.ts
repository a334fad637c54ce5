import type { ListedService } from "./read-catalog.ts";

/** A service under the id by which callers name it. */
export interface Service extends ListedService {
  readonly id: string;
}

/**
 * Gives each service an id that no other has: the technical name, with `;v=2` for a higher version as in SAP's own URLs,
 * and with `:V4` for a V4 service whose V2 namesake exists. While the V2 catalog is not known that can't be told, so every
 * V4 service is then marked; else an id could come to mean another service. What is left ambiguous is named by its path.
 */
export function nameServices(catalogs: {
  readonly v2: readonly ListedService[] | undefined;
  readonly v4: readonly ListedService[] | undefined;
}): Service[] {
  const byPath = new Map([...(catalogs.v2 ?? []), ...(catalogs.v4 ?? [])].map((service) => [service.path, service]));
  const plainV2 = new Set(catalogs.v2?.map(plainId));
  const wish = (service: ListedService) => {
    const isMarked = service.odataVersion === "V4" && (catalogs.v2 === undefined || plainV2.has(plainId(service)));
    return isMarked ? markedId(service) : plainId(service);
  };
  const claims = Map.groupBy(byPath.values(), wish);
  return [...byPath.values()].map((service) => {
    const id = wish(service);
    return { ...service, id: claims.get(id)?.length === 1 ? id : service.path };
  });
}

/** The service of an id; a V4 service is also found by its marked id where the plain one would do. */
export function findService(services: readonly Service[], id: string): Service | undefined {
  return (
    services.find((service) => service.id === id) ??
    services.find((service) => service.odataVersion === "V4" && markedId(service) === id)
  );
}

/** A service, and the same one in OData V2 where it exists in both versions. */
export interface VersionedService {
  readonly service: Service;
  readonly alternative?: Service;
}

/** One entry for a service that exists as V2 and V4: the V4 one, which can do more, with the other beside it. */
export function pairVersions(services: readonly Service[]): VersionedService[] {
  const families = Map.groupBy(services, familyOf);
  return services.flatMap((service) => {
    const family = families.get(familyOf(service)) ?? [];
    const [v2, v4] = (["V2", "V4"] as const).map((version) => family.filter((it) => it.odataVersion === version));
    if (v2?.length !== 1 || v4?.length !== 1) return [{ service }];
    return service.odataVersion === "V2" ? [] : [{ service, alternative: v2[0] as Service }];
  });
}

/** SAP names the versions of a service alike but for underscores and endings: API_SALES_ORDER_SRV, API_SALESORDER. */
function familyOf({ technicalName }: Service): string {
  return technicalName
    .toUpperCase()
    .replace(/_(SRV|CDS)$/, "")
    .replaceAll(/[_/]/g, "");
}

function plainId({ technicalName, version }: ListedService): string {
  return version === 1 ? technicalName : `${technicalName};v=${version}`;
}

function markedId(service: ListedService): string {
  return `${plainId(service)}:V4`;
}
