import type { Values } from "../model/field.ts";
import type { ServiceDefinition } from "../model/service-definition.ts";
import { groupServiceTable, groupSystemTable, serviceCollectionTable, serviceGroupTable } from "./catalog-tables.ts";
import type { SeededTable } from "./database.ts";
import { otherServicesV2, otherServicesV4 } from "./registered-services.ts";
import { asRows } from "./seed-database.ts";

/** The rows of both catalogs. V2 names absolute URLs, as seen from inside the SAP system; V4 names paths. */
export function seedCatalogs(services: readonly ServiceDefinition[], internalOrigin: string): readonly SeededTable[] {
  const served = services.map((service) => [service.id, service.title, service.root, service.version] as const);
  const v2 = [
    ...served.filter(([, , , version]) => version === "V2"),
    ...otherServicesV2.map(([id, title]) => [id, title, `/sap/opu/odata/sap/${id}`] as const),
  ];
  const v4 = [
    ...served.filter(([, , , version]) => version === "V4"),
    ...otherServicesV4.map(([id, title]) => [id, title, pathV4(id)] as const),
  ];
  const sorted = v2.toSorted(([one], [other]) => (one < other ? -1 : 1));
  return [
    {
      definition: serviceCollectionTable,
      rows: asRows(sorted.map(([id, title, root]) => collectionEntry(id, title, internalOrigin + root))),
    },
    { definition: serviceGroupTable, rows: asRows(v4.map(([id, title]) => ({ GroupId: id, Description: title }))) },
    {
      definition: groupSystemTable,
      rows: asRows(v4.map(([id]) => ({ GroupId: id, SystemAlias: "LOCAL", Description: "Local System" }))),
    },
    { definition: groupServiceTable, rows: asRows(v4.map(([id, title, root]) => groupEntry(id, title, root))) },
  ];
}

function collectionEntry(id: string, title: string, url: string): Values {
  return {
    ID: `${id}_0001`,
    Description: title,
    Title: id,
    Author: "SAP",
    TechnicalServiceVersion: 1,
    MetadataUrl: `${url}/$metadata`,
    TechnicalServiceName: id,
    ImageUrl: "",
    ServiceUrl: url,
    UpdatedDate: "2024-01-01",
    ReleaseStatus: "RELEASED",
    Category: "",
    IsSapService: !id.startsWith("Z"),
  };
}

function groupEntry(id: string, title: string, root: string): Values {
  return {
    GroupId: id,
    ServiceId: id,
    ServiceVersion: "0001",
    ServiceAlias: "",
    Description: title,
    ServiceUrl: `${root}/`,
  };
}

function pathV4(id: string): string {
  const name = id.toLowerCase();
  return `/sap/opu/odata4/sap/${name}/srvd_a2x/sap/${name.replace("api_", "")}/0001`;
}
